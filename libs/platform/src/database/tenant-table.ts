import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';
import { requestRoleOf } from './identifier.js';

/**
 * For migrations: gives the request role a table's rows of one organization and mode, to read and to write. The table
 * needs the text columns `organization_id` and `mode`. Without a tenant set, the request role sees an error or nothing.
 * The owner, which writes batches, is not bound. Calling it twice for a table fails.
 */
export async function tenantTable(runner: QueryRunner, table: string): Promise<void> {
  const rows = (await runner.query('SELECT current_user AS role')) as { role: string }[];
  const requestRole = escapeIdentifier(requestRoleOf(rows[0]?.role ?? ''));
  const name = escapeIdentifier(table);
  const ofTenant = `organization_id = current_setting('postern.organization_id') AND mode = current_setting('postern.mode')`;
  await runner.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
  await runner.query(
    `CREATE POLICY ${escapeIdentifier(`${table}_tenant`)} ON ${name} FOR ALL TO ${requestRole} USING (${ofTenant}) WITH CHECK (${ofTenant})`,
  );
  await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} TO ${requestRole}`);
}
