/**
 * Tests kill servers, never the machine: what a killed server wrote is in the kernel's memory, fsync or not. Without it a
 * start after a kill does not wait for a disk that a dozen other servers write to, which took over 40 s on a busy one.
 */
export const TEST_POSTGRES_SETTINGS: Readonly<Record<string, string>> = { fsync: 'off' };
