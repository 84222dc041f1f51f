import type { Database, Statement, Tx } from '@postern/platform';

/** A node of a plan, as `EXPLAIN (ANALYZE, FORMAT JSON)` writes it. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

/** What the statements of some work cost. */
export interface Work {
  /** Tables that grow with the mailbox and were read from one end to the other. */
  seqScans: string[];
  /** Rows that were fetched from tables, also those that were of no use. The words of an index are not rows. */
  rowsRead: number;
  /** The most rows that one sort had to put in order. */
  sorted: number;
}

const LARGE = ['messages', 'message_states', 'message_search', 'threads', 'attachments', 'attachment_texts'];

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
/** A bitmap index scan fetches no row; the heap scan above it does. */
const isScan = (node: PlanNode): boolean =>
  ['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'].includes(node['Node Type']);
const rowsOf = (node: PlanNode): number =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
  node['Actual Loops'];

function workOf(plans: readonly PlanNode[]): Work {
  const nodes = plans.flatMap(nodesOf);
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort')).flatMap((node) => node.Plans ?? []);
  return {
    seqScans: nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name'] ?? '')
      .filter((table) => LARGE.includes(table)),
    rowsRead: nodes.filter(isScan).reduce((sum, node) => sum + rowsOf(node), 0),
    sorted: Math.max(0, ...sorts.map(rowsOf)),
  };
}

/** Looks at the plans of everything that requests ask a database. */
export class Explainer {
  private plans: PlanNode[] = [];

  constructor(database: Database) {
    const asTenant = database.asTenant.bind(database);
    database.asTenant = (tenant, work) => asTenant(tenant, (tx) => work(this.explaining(tx)));
  }

  /** @returns what some work gave, and what its statements cost. */
  async during<T>(work: () => Promise<T>): Promise<{ result: T; work: Work }> {
    this.plans = [];
    const result = await work();
    return { result, work: workOf(this.plans) };
  }

  private explaining(tx: Tx): Tx {
    return {
      query: async <T>(statement: string | Statement, params?: readonly unknown[]): Promise<T[]> => {
        const text = typeof statement === 'string' ? statement : statement.text;
        // Twice: once for its plan, once for its rows. Settings of the transaction are the same both times.
        const [explained] = await tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
          `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
          params,
        );
        this.plans.push(...(explained?.['QUERY PLAN'].map(({ Plan }) => Plan) ?? []));
        return tx.query<T>(statement, params);
      },
    };
  }
}
