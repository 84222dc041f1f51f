import { setTimeout as pause } from 'node:timers/promises';
import { copyFailures } from '../accept/journey.js';
import { latencyFigures, type PhaseResult } from '../figures/figure.js';
import { percentile } from '../figures/percentile.js';
import { fullLoad } from '../load/full-load.js';
import { smallMessage } from '../load/small-message.js';
import { EventReader } from '../postern/event-reader.js';
import { Gateway, type Inbox } from '../postern/gateway.js';
import { until } from '../postern/until.js';
import type { Bench } from '../run/bench.js';

const CONNECTIONS = 64;
/** Small enough that the shortest backlog lasts longer. */
const SINGLES = 15;
const EVERY_MS = 200;
/** The service whose rest makes a queue of what was accepted: everything after it still has to be done then. */
const DAM = 'security-scan';
/** Sent before anything is measured, so that all processes have seen the way of a message. */
const WARM_UP_REQUESTS = 500;

/**
 * How long single messages of one tenant take while another has many queued, beside the same alone: through the API, by way of
 * relay, scan and delivery.
 */
export async function measureFairness(bench: Bench): Promise<PhaseResult> {
  const { stack, gateway, sandbox, queued } = bench;
  const root = new Gateway(gateway.url, stack.local.root_key);
  const tenant = await Tenant.begin(await root.createOrganization('Bench, singles'));
  const hot = await gateway.createInbox('bench-hot');
  await sandbox.empty();
  const warmUp = await fullLoad(gateway, hot, { connections: CONNECTIONS, until: { requests: WARM_UP_REQUESTS } });
  await arrived(bench, warmUp.accepted.size);
  await sandbox.empty();

  const alone = await tenant.sendSingles();
  await stack.hold(DAM);
  const load = await fullLoad(gateway, hot, { connections: CONNECTIONS, until: { requests: queued } });
  await stack.release(DAM);
  await arrived(bench, SINGLES + 1);
  const begun = { at: performance.now(), count: await sandbox.count() };
  const beside = await tenant.sendSingles();
  const ended = { at: performance.now(), count: await sandbox.count() };
  const left = load.accepted.size + 2 * SINGLES - ended.count;
  const sent = new Set([...load.accepted, ...alone.ids, ...beside.ids]);
  await arrived(bench, sent.size);
  const [before, after] = [percentile(alone.waits, 1), percentile(beside.waits, 1)];
  return {
    figures: [
      ...latencyFigures('fairness.alone', '202 → sent, alone', alone.waits),
      ...latencyFigures('fairness.beside', `202 → sent, beside ${queued} queued of another`, beside.waits),
      { name: 'fairness.added', label: 'added to the slowest', value: after - before, unit: 'ms' },
      {
        name: 'fairness.rate',
        label: 'all handed to SES meanwhile',
        value: ((ended.count - begun.count) * 1000) / (ended.at - begun.at),
        unit: '/s',
      },
      { name: 'fairness.left', label: 'of those still queued at the end', value: left, unit: '' },
    ],
    failures: [
      ...copyFailures(sent, await sandbox.copies()),
      ...(left > 0 ? [] : ['The queue was gone before the single messages were sent.']),
    ],
  };
}

/** Waits until so many messages are in the sandbox, or none comes any more. */
async function arrived({ sandbox }: Bench, count: number): Promise<void> {
  await until(async () => {
    const progress = await sandbox.count();
    return { done: progress >= count, progress };
  });
}

/** Somebody who sends one message at a time. */
class Tenant {
  private constructor(
    private readonly gateway: Gateway,
    private readonly inbox: Inbox,
    private readonly reader: EventReader,
  ) {}

  static async begin(gateway: Gateway): Promise<Tenant> {
    return new Tenant(gateway, await gateway.createInbox('bench-singles'), new EventReader(gateway, ['message.sent']));
  }

  /** @returns ids, and for those that were sent the milliseconds from their 202 to `message.sent`. */
  async sendSingles(): Promise<{ ids: string[]; waits: number[] }> {
    const acceptedAt = new Map<string, number>();
    for (let sent = 0; sent < SINGLES; sent += 1) {
      acceptedAt.set(await this.gateway.send(this.inbox, smallMessage()), Date.now());
      await pause(EVERY_MS);
    }
    const events = await this.reader.read((read) => read.length >= SINGLES);
    const waits = events.map(({ at, data }) => at - (acceptedAt.get(data.id ?? '') ?? Number.NaN));
    return { ids: [...acceptedAt.keys()], waits };
  }
}
