import { Client, type Pool, type PoolClient, type QueryResult } from 'pg';
import type { DataSource } from 'typeorm';
import { unavailable } from '../errors/factories.js';
import { breaksConnection, databaseError } from './database-errors.js';
import type { Statement } from './statement.js';

/** The pg pool inside TypeORM's driver: an internal of TypeORM, named in this file only. */
function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { master?: Pool };
  if (!master) throw unavailable('The database connection is not open.');
  return master;
}

/** Borrowed connections that must not go back to the pool. */
const connectionsToClose = new WeakSet<PoolClient>();

const ignoreLateError = (): void => undefined;

/** Borrows a connection for some work. A connection that broke on the way is closed, not given back. */
export async function withConnection<T>(dataSource: DataSource, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await poolOf(dataSource)
    .connect()
    .catch((error: unknown) => {
      throw databaseError(error);
    });
  // A borrowed connection that breaks between two statements emits "error", which ends the process if nobody listens.
  client.on('error', ignoreLateError);
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = connectionsToClose.has(client);
    throw error;
  } finally {
    connectionsToClose.delete(client);
    client.removeListener('error', ignoreLateError);
    client.release(broken);
  }
}

/** Runs one statement on a borrowed connection. @throws what {@link databaseError} makes of the failure. */
export async function runOn(
  client: PoolClient,
  statement: string | Statement,
  params?: readonly unknown[],
): Promise<QueryResult> {
  const values = params === undefined ? {} : { values: [...params] };
  try {
    return await client.query(
      typeof statement === 'string' ? { text: statement, ...values } : { ...statement, ...values },
    );
  } catch (error) {
    if (breaksConnection(error)) connectionsToClose.add(client);
    throw databaseError(error);
  }
}

/** Marks a borrowed connection as not fit for others. */
export const closeAfterUse = (client: PoolClient): void => void connectionsToClose.add(client);

/** A connection of its own beside the pool, for what lasts: a session lock. Ended by the caller. */
export async function ownConnection(dataSource: DataSource): Promise<Client> {
  const client = new Client({ ...poolOf(dataSource).options, keepAlive: true });
  client.on('error', ignoreLateError);
  await client.connect();
  return client;
}
