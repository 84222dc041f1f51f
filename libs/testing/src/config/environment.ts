/** Set by the integration project's global set-up: one PostgreSQL for the whole run. */
export const adminUrlOfRun = (): string | undefined => process.env['POSTERN_TEST_ADMIN_URL'];

/** Whether tests with a small and a named form run the named one (`npm run test:full`). */
export const fullRun = (): boolean => process.env['POSTERN_TEST_FULL'] === '1';
