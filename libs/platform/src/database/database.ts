import { type Client, escapeLiteral, type PoolClient, type QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { counter } from '../metrics/metrics.js';
import { isVictim } from './database-errors.js';
import { closeAfterUse, ownConnection, runOn, withConnection } from './pool.js';
import type { Statement } from './statement.js';

/** An open transaction. */
export interface Tx {
  /** @returns the rows. @throws AppError `unavailable` for what a retry may heal, pg's DatabaseError for the rest. */
  query<T>(statement: string | Statement, params?: readonly unknown[]): Promise<T[]>;
}

/** Each deadlock costs a second, after which PostgreSQL looks for one (`deadlock_timeout`): more tries are longer than most callers wait. */
const TRIES_MAX = 3;

const triedAgain = counter(
  'postern_transactions_tried_again_total',
  'Transactions that PostgreSQL ended for the sake of another one (deadlock, serialization), and that were tried again.',
);

const waitingFor = new WeakMap<Tx, (() => void)[]>();

/**
 * Has something done once the transaction has committed, and never if it does not. For hints that others may look now:
 * it is lost when the process ends in between, and must not throw.
 */
export function afterCommit(tx: Tx, work: () => void): void {
  waitingFor.set(tx, [...(waitingFor.get(tx) ?? []), work]);
}

/** Whose rows a request may see and write. */
export interface TenantScope {
  organizationId: string;
  mode: 'live' | 'test';
}

/**
 * A service's schema in PostgreSQL. BIGINT comes as number; unqualified names are those of the schema.
 * Two roles: the service's own for batches and pollers, which sees every tenant, and the request role of
 * {@link asTenant}, which row-level security binds to one organization and mode.
 * What PostgreSQL ends as the victim of a deadlock has done nothing, and is tried again up to twice. So the work of a transaction
 * may run more than once: what it does beside the transaction must bear that. Hints belong into {@link afterCommit}.
 */
export class Database {
  constructor(
    readonly dataSource: DataSource,
    readonly schema: string,
  ) {}

  /** One statement in its own transaction, in the service's own role. */
  query<T>(statement: string | Statement, params?: readonly unknown[]): Promise<T[]> {
    return again(() => withConnection(this.dataSource, (client) => rowsOf<T>(client, statement, params)));
  }

  /** A transaction in the service's own role. Commits when the work returns, rolls back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run('BEGIN', work);
  }

  /** A transaction in the request role, bound to one tenant. The set-up takes one round trip. */
  asTenant<T>(tenant: TenantScope, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(
      // Simple protocol, because only that takes two statements in one trip; it takes no parameters, hence literals.
      `BEGIN; SELECT set_config('role', session_user || '_request', true),
         set_config('postern.organization_id', ${escapeLiteral(tenant.organizationId)}, true),
         set_config('postern.mode', ${escapeLiteral(tenant.mode)}, true)`,
      work,
    );
  }

  /** A connection beside the pool, for a session lock. The caller ends it. */
  connect(): Promise<Client> {
    return ownConnection(this.dataSource);
  }

  private run<T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return again(() => this.once(begin, work));
  }

  private once<T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return withConnection(this.dataSource, async (client) => {
      try {
        await runOn(client, begin);
        const tx: Tx = { query: (statement, params) => rowsOf(client, statement, params) };
        const result = await work(tx);
        const committed = await runOn(client, 'COMMIT');
        // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, without an error.
        if (committed.command === 'ROLLBACK')
          throw new Error('a failed statement was ignored, so the transaction was rolled back');
        for (const work of waitingFor.get(tx) ?? []) work();
        return result;
      } catch (error) {
        await rollBack(client);
        throw error;
      }
    });
  }
}

async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === TRIES_MAX || !isVictim(error)) throw error;
      triedAgain.inc();
    }
  }
}

async function rowsOf<T>(client: PoolClient, statement: string | Statement, params?: readonly unknown[]): Promise<T[]> {
  const result = await runOn(client, statement, params);
  // T is the caller's description of the row; pg cannot know it.
  return result.rows as QueryResultRow[] as T[];
}

/** Never throws: the error that made it necessary is the one to report. */
async function rollBack(client: PoolClient): Promise<void> {
  await runOn(client, 'ROLLBACK').catch(() => closeAfterUse(client));
}
