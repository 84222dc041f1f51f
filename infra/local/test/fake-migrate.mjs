// Stands for a service's migrations: leaves one line each time it runs.
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { CONTENT_STORE_URL, DATABASE_ADMIN_URL, DATABASE_URL } = process.env;
if (!DATABASE_ADMIN_URL || !DATABASE_URL) throw new Error('both URLs are needed');
appendFileSync(fileURLToPath(`${CONTENT_STORE_URL}/fake-migrations`), `${new URL(DATABASE_URL).username}\n`);
