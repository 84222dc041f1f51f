import pg from 'pg';

/** Bytes and digits that a text becomes when something that holds it is written as base64: it may begin at three places. */
const inBase64 = (text: string): string[] =>
  [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${'\0'.repeat(offset)}${text}`).toString('base64');
    // The first and the last digits also depend on what stands around the text.
    return encoded.slice(offset === 0 ? 0 : 4, Math.floor(((offset + text.length) * 4) / 3 / 4) * 4);
  });

/**
 * The tables, of every schema, with a row that still holds a text: as it is, inside base64, or inside a bytea.
 * @param adminUrl  a role that may read everything.
 * @param text  ASCII, at least 8 characters; letters of one case, because some columns fold it.
 */
export async function tablesHolding(adminUrl: string, text: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1`,
    );
    const forms = [text, ...inBase64(text), Buffer.from(text).toString('hex')];
    const found: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query(
        `SELECT 1 FROM ${name} t WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS f(form) WHERE strpos(row_to_json(t)::text, f.form) > 0) LIMIT 1`,
        [forms],
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  } finally {
    await client.end();
  }
}
