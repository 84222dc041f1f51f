/**
 * Tests kill servers, never the machine: what a killed server wrote is in the kernel's memory, on disk or not. So servers of
 * tests do not wait for a disk that a dozen others write to; a start after a kill took over 40 s on a busy one.
 */
export const TEST_POSTGRES_SETTINGS: Readonly<Record<string, string>> = { fsync: 'off' };
/** The server's own default, instead of each record. */
export const TEST_NATS_SYNC_INTERVAL = '2m';
