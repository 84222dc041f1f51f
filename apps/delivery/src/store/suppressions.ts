import { Injectable } from '@nestjs/common';
import {
  addressKey,
  type ListSuppressionsQuery,
  newId,
  type Suppression,
  type SuppressionReason,
  type Tenant,
} from '@postern/contracts';
import { inOneOrder } from '@postern/eventing';
import { Database, sql, type Tx } from '@postern/platform';

/** An address that is to be left out from now on. */
export interface NewSuppression extends Tenant {
  address: string;
  reason: SuppressionReason;
  sourceMessageId: string | null;
  /** How many addresses the report named. */
  oneOf: number;
}

/** One that was not there before. */
export interface AddedSuppression<N extends NewSuppression> {
  /** What asked for it. */
  asked: N;
  suppression: Suppression;
}

interface Row {
  id: Suppression['id'];
  address: string;
  reason: SuppressionReason;
  source_message_id: Suppression['source_message_id'];
  created_at: Date;
}

const COLUMNS = 'id, address, reason, source_message_id, created_at';

const ADD = sql(
  'suppression_add',
  `INSERT INTO suppressions (organization_id, mode, id, address, reason, source_message_id, one_of)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[])
   ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
);
const LIST = sql(
  'suppression_list',
  `SELECT ${COLUMNS} FROM suppressions
    WHERE organization_id = $1 AND mode = $2 AND ($3::text IS NULL OR address = $3) AND ($4::text IS NULL OR id < $4)
    ORDER BY id DESC LIMIT $5`,
);
const FIND = sql(
  'suppression_find',
  `SELECT ${COLUMNS} FROM suppressions WHERE organization_id = $1 AND mode = $2 AND (id = $3 OR address = $4)`,
);
const REMOVE = sql(
  'suppression_remove',
  `DELETE FROM suppressions WHERE organization_id = $1 AND mode = $2 AND id = $3 RETURNING ${COLUMNS}`,
);

/** The authoritative suppression list. Every claim of a send looks here. */
@Injectable()
export class SuppressionStore {
  constructor(private readonly database: Database) {}

  /** Adds what is not there yet; an address that is there keeps its first reason. */
  async add<N extends NewSuppression>(tx: Tx, wanted: readonly N[]): Promise<AddedSuppression<N>[]> {
    if (wanted.length === 0) return [];
    // In one order everywhere, so that two batches with the same addresses cannot lock each other out.
    const inOrder = inOneOrder(
      wanted,
      ({ organizationId, mode, address }) => `${organizationId} ${mode} ${addressKey(address)}`,
    );
    const byId = new Map(inOrder.map((asked) => [newId('sup'), asked]));
    const asked = [...byId.values()];
    const rows = await tx.query<Row>(ADD, [
      asked.map((one) => one.organizationId),
      asked.map((one) => one.mode),
      [...byId.keys()],
      asked.map((one) => addressKey(one.address)),
      asked.map((one) => one.reason),
      asked.map((one) => one.sourceMessageId),
      asked.map((one) => one.oneOf),
    ]);
    return rows.flatMap((row) => {
      const cause = byId.get(row.id);
      return cause === undefined ? [] : [{ asked: cause, suppression: shown(row) }];
    });
  }

  /** Newest first. @param before  the last id of the page before; null at the start. */
  async list(tenant: Tenant, query: ListSuppressionsQuery, before: string | null): Promise<Suppression[]> {
    const address = query.address === undefined ? null : addressKey(query.address);
    const rows = await this.database.asTenant(tenant, (tx) =>
      tx.query<Row>(LIST, [tenant.organizationId, tenant.mode, address, before, query.limit + 1]),
    );
    return rows.map(shown);
  }

  async findById(tenant: Tenant, id: string): Promise<Suppression | null> {
    return this.database.asTenant(tenant, (tx) => this.find(tx, tenant, id, null));
  }

  async findByAddress(tx: Tx, tenant: Tenant, address: string): Promise<Suppression | null> {
    return this.find(tx, tenant, null, addressKey(address));
  }

  /** @returns what was removed; null when there was none. */
  async remove(tx: Tx, tenant: Tenant, id: string): Promise<Suppression | null> {
    const [row] = await tx.query<Row>(REMOVE, [tenant.organizationId, tenant.mode, id]);
    return row === undefined ? null : shown(row);
  }

  private async find(tx: Tx, tenant: Tenant, id: string | null, address: string | null): Promise<Suppression | null> {
    const [row] = await tx.query<Row>(FIND, [tenant.organizationId, tenant.mode, id, address]);
    return row === undefined ? null : shown(row);
  }
}

const shown = ({ created_at, ...row }: Row): Suppression => ({ ...row, created_at: created_at.toISOString() });
