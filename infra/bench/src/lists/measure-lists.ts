import { Client } from 'pg';
import { type Figure, latencyFigures, type PhaseResult } from '../figures/figure.js';
import { percentile } from '../figures/percentile.js';
import { type Inbox, messagesPath } from '../postern/gateway.js';
import { until } from '../postern/until.js';
import type { Bench } from '../run/bench.js';
import { fillInbox } from './fill-inbox.js';

/** Requests of each kind to each mailbox, after a few that are not counted. */
const ROUNDS = 60;
const WARM_UP_ROUNDS = 5;
/** A page must not cost more in a large mailbox than this times what it costs in a small one. */
const RATIO_MAX = 2;

/** What is asked: names are stable, they stand in the JSON file. */
const QUERIES: readonly (readonly [name: string, query: string])[] = [
  ['newest', ''],
  ['direction', 'direction=inbound'],
  ['rare_status', 'delivery_status=bounced'],
  ['attachments', 'has_attachments=true'],
  ['label', 'label=common'],
  ['rare_label', 'label=scarce'],
  ['sender', 'from=sender7%40example.com'],
  ['subject', 'subject=order'],
  ['rare_subject', 'subject=order%209zz'],
  ['search_frequent', 'q=customer'],
  ['search_some', 'q=seldomly'],
  ['search_rare', 'q=xylophone'],
  ['search_none', 'q=nonesuch'],
  ['search_phrase', 'q=%22kind%20regards%22'],
  ['search_mixed', 'q=customer%20seldomly%20-xylophone'],
];

/** Hits only among the oldest tenth of the large mailbox: shown, and not held against the limit. */
const LONG_AGO: readonly [name: string, query: string] = ['long_ago', 'subject=order%201'];

interface Mailbox {
  readonly inbox: Inbox;
  readonly count: number;
}

/** Lists and searches of a small and of a large mailbox, by turns, so that both meet the same machine. */
export async function measureLists({ stack, gateway, mailboxes }: Bench): Promise<PhaseResult> {
  const database = new Client({ connectionString: stack.local.database_url });
  // A stop in the middle ends the connection; the statement under way tells of it.
  database.on('error', () => undefined);
  await database.connect();
  try {
    await database.query('SET search_path = messaging');
    const sizes: Mailbox[] = [];
    for (const count of [mailboxes.small, mailboxes.large]) {
      const inbox = await gateway.createInbox(`bench-lists-${count}`);
      await fillInbox(database, inbox, count);
      sizes.push({ inbox, count });
    }
    const indexing = await untilIndexed(database, sizes);
    await database.query('VACUUM ANALYZE messages, message_states, message_search, threads');
    const [small, large] = sizes as [Mailbox, Mailbox];
    const figures: Figure[] = indexing;
    const failures: string[] = [];
    for (const [name, query] of [...QUERIES, LONG_AGO]) {
      const [ofSmall, ofLarge] = await byTurns(gateway, small, large, query);
      const ratio = percentile(ofLarge, 0.5) / percentile(ofSmall, 0.5);
      figures.push(
        ...latencyFigures(`lists.${name}.small`, `${name}, ${small.count} messages`, ofSmall),
        ...latencyFigures(`lists.${name}.large`, `${name}, ${large.count} messages`, ofLarge),
        { name: `lists.${name}.ratio`, label: `${name}, large ÷ small`, value: ratio, unit: 'x' },
      );
      if (ratio >= RATIO_MAX && name !== LONG_AGO[0])
        failures.push(`${name} takes ${ratio.toFixed(1)} times as long in the large mailbox.`);
    }
    return { figures, failures };
  } finally {
    await database.end();
  }
}

async function byTurns(
  gateway: Bench['gateway'],
  small: Mailbox,
  large: Mailbox,
  query: string,
): Promise<[small: number[], large: number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const [index, { inbox }] of [small, large].entries()) {
      const from = performance.now();
      await gateway.get(`${messagesPath(inbox)}?${query}`);
      if (round >= 0) times[index]?.push(performance.now() - from);
    }
  }
  return times;
}

/** Waits for the indexer, and tells how fast it is when nothing else is asked of the machine. */
async function untilIndexed(database: Client, mailboxes: readonly Mailbox[]): Promise<Figure[]> {
  const total = mailboxes.reduce((sum, { count }) => sum + count, 0);
  const indexed = async (): Promise<number> => {
    const { rows } = await database.query<{ count: number }>(
      `SELECT coalesce(sum(next_ordinal), 0)::int AS count FROM search_scopes WHERE scope_id = ANY($1)`,
      [mailboxes.map(({ inbox }) => inbox.id)],
    );
    return rows[0]?.count ?? 0;
  };
  const from = performance.now();
  const before = await indexed();
  const isDone = await until(async () => {
    const progress = await indexed();
    return { done: progress === total, progress };
  });
  if (!isDone) throw new Error('the search index stood still');
  const rate = ((total - before) * 1000) / (performance.now() - from);
  return [{ name: 'lists.indexed_rate', label: 'messages indexed for search', value: rate, unit: '/s' }];
}
