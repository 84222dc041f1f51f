import type { Database, Statement, Tx } from '@postern/platform';

/** A node of a plan, as `EXPLAIN (ANALYZE, FORMAT JSON)` writes it. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const textOf = (statement: string | Statement): string => (typeof statement === 'string' ? statement : statement.text);
const isExplained = (text: string): boolean => /^\s*(SELECT|WITH)/.test(text);

/** Looks at what everything that a database is asked for reads. */
export class Explainer {
  private nodes: PlanNode[] = [];

  constructor(database: Database) {
    const asTenant = database.asTenant.bind(database);
    const query = database.query.bind(database);
    const transaction = database.transaction.bind(database);
    database.asTenant = (tenant, work) => asTenant(tenant, (tx) => work(this.explaining(tx)));
    database.transaction = (work) => transaction((tx) => work(this.explaining(tx)));
    database.query = (statement, params) =>
      isExplained(textOf(statement))
        ? database.transaction((tx) => tx.query(statement, params))
        : query(statement, params);
  }

  /** The partitions of the log that some work read, in their order, and whether it read any of them from one end to the other. */
  async during(work: () => Promise<unknown>): Promise<{ read: string[]; whole: string[] }> {
    this.nodes = [];
    await work();
    const scans = this.nodes.filter(
      (node) => node['Relation Name']?.startsWith('events_') === true && node['Actual Loops'] > 0,
    );
    const namesOf = (nodes: readonly PlanNode[]) =>
      [...new Set(nodes.map((node) => node['Relation Name'] ?? ''))].toSorted();
    return { read: namesOf(scans), whole: namesOf(scans.filter((node) => node['Node Type'] === 'Seq Scan')) };
  }

  private explaining(tx: Tx): Tx {
    return {
      query: async <T>(statement: string | Statement, params?: readonly unknown[]): Promise<T[]> => {
        if (isExplained(textOf(statement))) await this.explain(tx, textOf(statement), params);
        return tx.query<T>(statement, params);
      },
    };
  }

  /** Whatever the statement does is undone. */
  private async explain(tx: Tx, text: string, params?: readonly unknown[]): Promise<void> {
    await tx.query('SAVEPOINT explained');
    const [plan] = await tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
      params,
    );
    await tx.query('ROLLBACK TO SAVEPOINT explained');
    this.nodes.push(...(plan?.['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan)) ?? []));
  }
}
