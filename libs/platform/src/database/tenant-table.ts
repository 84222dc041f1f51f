import { escapeIdentifier } from 'pg';
import type { QueryRunner } from 'typeorm';
import { requestRoleOf } from './identifier.js';

const OF_TENANT = `organization_id = current_setting('postern.organization_id') AND mode = current_setting('postern.mode')`;

async function requestRole(runner: QueryRunner): Promise<string> {
  const rows = (await runner.query('SELECT current_user AS role')) as { role: string }[];
  return escapeIdentifier(requestRoleOf(rows[0]?.role ?? ''));
}

/**
 * For migrations: gives the request role a table's rows of one organization and mode, to read and to write. The table
 * needs the text columns `organization_id` and `mode`. Without a tenant set, the request role sees an error or nothing.
 * The owner, which writes batches, is not bound. Calling it twice for a table fails.
 */
export async function tenantTable(runner: QueryRunner, table: string): Promise<void> {
  const role = await requestRole(runner);
  const name = escapeIdentifier(table);
  await runner.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
  await runner.query(
    `CREATE POLICY ${escapeIdentifier(`${table}_tenant`)} ON ${name} FOR ALL TO ${role} USING (${OF_TENANT}) WITH CHECK (${OF_TENANT})`,
  );
  await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} TO ${role}`);
}

/**
 * For migrations: lets the request role read a table's rows of one organization and mode through a view, beside or in
 * place of {@link tenantTable}. Row-level security lets only leakproof operators use an index before the tenant is
 * checked, and those of full text and arrays are none: under it they read every row. A view binds to the tenant as
 * surely, since its condition is part of every query, and keeps the indexes. It guards against a forgotten condition,
 * not against hostile SQL.
 */
export async function tenantView(runner: QueryRunner, view: string, columns: string, table: string): Promise<void> {
  const name = escapeIdentifier(view);
  await runner.query(`CREATE VIEW ${name} AS SELECT ${columns} FROM ${escapeIdentifier(table)} WHERE ${OF_TENANT}`);
  await runner.query(`GRANT SELECT ON ${name} TO ${await requestRole(runner)}`);
}
