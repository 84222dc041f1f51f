/** Set by the integration project's global set-up: one PostgreSQL for the whole run. */
export const adminUrlOfRun = (): string | undefined => process.env['POSTERN_TEST_ADMIN_URL'];
