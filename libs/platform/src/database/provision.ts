import { setTimeout as delay } from 'node:timers/promises';
import { type Client, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';
import { plainIdentifier, requestRoleOf } from './identifier.js';
import { scramVerifier } from './scram.js';

export interface ServiceRole {
  name: string;
  password: string;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** The role in a service's DATABASE_URL. @throws Error when there is no name or password that provisioning can set. */
export function serviceRoleOf(serviceUrl: string): ServiceRole {
  const url = new URL(serviceUrl);
  const name = plainIdentifier(decodeURIComponent(url.username), 'the user in DATABASE_URL');
  const password = decodeURIComponent(url.password);
  if (!PRINTABLE_ASCII.test(password))
    throw new Error('DATABASE_URL must have a password of printable ASCII characters');
  return { name, password };
}

/** Creates or mends the two roles and the schema of a service. Safe to repeat, and to run beside itself. */
export async function provision(admin: Client, schema: string, role: ServiceRole): Promise<void> {
  const owner = escapeIdentifier(role.name);
  const requestName = requestRoleOf(role.name);
  const request = escapeIdentifier(requestName);
  const space = escapeIdentifier(plainIdentifier(schema, 'the schema'));
  await againWhenRaced(async () => {
    if (!(await roleExists(admin, role.name))) await admin.query(`CREATE ROLE ${owner}`);
    if (!(await roleExists(admin, requestName))) await admin.query(`CREATE ROLE ${request}`);
    await admin.query(`ALTER ROLE ${owner} WITH LOGIN PASSWORD ${escapeLiteral(scramVerifier(role.password))}`);
    await admin.query(`GRANT ${request} TO ${owner}`);
    await mayActAs(admin, owner);
    await admin.query(`CREATE SCHEMA IF NOT EXISTS ${space} AUTHORIZATION ${owner}`);
    await admin.query(`ALTER SCHEMA ${space} OWNER TO ${owner}`);
    await admin.query(`GRANT USAGE ON SCHEMA ${space} TO ${request}`);
  });
}

async function roleExists(admin: Client, name: string): Promise<boolean> {
  const found = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  return found.rowCount === 1;
}

/** An administrator that is no superuser (managed databases) may give a schema only to a role that it is a member of. */
async function mayActAs(admin: Client, role: string): Promise<void> {
  const found = await admin.query<{ rolsuper: boolean }>('SELECT rolsuper FROM pg_roles WHERE rolname = current_user');
  if (!found.rows[0]?.rolsuper) await admin.query(`GRANT ${role} TO CURRENT_USER`);
}

/** Duplicate object, unique violation, and "tuple concurrently updated" (an internal error without a state of its own). */
const RACED_STATES = new Set(['42710', '42P06', '23505', 'XX000']);
const RACES_MAX = 10;
const RACE_PAUSE_MS = 50;

/**
 * Roles belong to the whole cluster, an advisory lock to one database: two databases that are provisioned at once (tests
 * do that) can still meet. All steps can be repeated, so the loser does.
 */
async function againWhenRaced(steps: () => Promise<void>): Promise<void> {
  for (let races = 0; ; races += 1) {
    try {
      await steps();
      return;
    } catch (error) {
      const raced = error instanceof DatabaseError && RACED_STATES.has(error.code ?? '');
      if (!raced || races === RACES_MAX) throw error;
      await delay(RACE_PAUSE_MS * (1 + Math.random()));
    }
  }
}
