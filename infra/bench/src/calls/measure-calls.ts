import { type Figure, latencyFigures, type PhaseResult } from '../figures/figure.js';
import { sustainedRate } from '../figures/percentile.js';
import { cpuFigures, cpuOf } from '../processes/cpu.js';
import type { Bench } from '../run/bench.js';
import { barePosts } from './bare-posts.js';
import { CallStage } from './call-stage.js';
import { measureIsolation } from './measure-isolation.js';

const BACKLOG = 10_000;
/** The first part brings connections and code up. */
const MEASURED_FROM = 0.2;
/** As many as the service has under way at most to the endpoints of one tenant: half of its 500. */
const BARE_CONCURRENCY = 250;
/** About what an event weighs. */
const BODY_BYTES = 1_300;
const STEADY_PER_SECOND = 500;

/**
 * The webhooks service alone: facts come by the bus, a hundred endpoints of one tenant are called. Its rate with one replica and with
 * two, beside bare POSTs of the same HTTP client; how long the first attempt takes at a steady rate; and what endpoints that hang
 * do to the others.
 */
export async function measureCalls(bench: Bench): Promise<PhaseResult> {
  const one = await staged(await bench.restart(1), async (stage) => {
    const bare = await bareRate(stage);
    const backlog = await backlogRate(stage, 1);
    const evenly = await steady(stage);
    return [bare, backlog, evenly, await measureIsolation(stage, valueOf(backlog.figures, 'calls.replicas_1.rate'))];
  });
  const two = await staged(await bench.restart(2), async (stage) => [await backlogRate(stage, 2)]);
  const results = [...one, ...two];
  const figures = results.flatMap((result) => result.figures);
  return { figures: [...figures, ...ratios(figures)], failures: results.flatMap(({ failures }) => failures) };
}

async function staged(bench: Bench, work: (stage: CallStage) => Promise<PhaseResult[]>): Promise<PhaseResult[]> {
  const stage = await CallStage.set(bench);
  try {
    return await work(stage);
  } finally {
    await stage.end();
  }
}

const measuredRate = (stage: CallStage): number => {
  const moments = stage.receiver.arrivals.map(({ at }) => at);
  return sustainedRate(moments.slice(Math.floor(moments.length * MEASURED_FROM)));
};

async function bareRate(stage: CallStage): Promise<PhaseResult> {
  stage.receiver.forget();
  const url = stage.receiver.url(0);
  await barePosts({ url, count: BACKLOG, concurrency: BARE_CONCURRENCY, bodyBytes: BODY_BYTES });
  return {
    figures: [{ name: 'calls.bare_rate', label: 'bare POSTs of undici', value: measuredRate(stage), unit: '/s' }],
    failures: [],
  };
}

/** A backlog that was told while the service was held: recorded, claimed, called and settled. */
async function backlogRate(stage: CallStage, replicas: number): Promise<PhaseResult> {
  const { stack } = stage.bench;
  await stack.hold('webhooks');
  const ids = await stage.tell(BACKLOG);
  stage.receiver.forget();
  await stack.release('webhooks');
  const before = cpuOf(stack.local.pids, process.pid);
  const arrived = await stage.allArrived(ids);
  const after = cpuOf(stack.local.pids, process.pid);
  const phase = `calls.replicas_${replicas}`;
  const label = replicas === 1 ? '1 replica' : `${replicas} replicas`;
  return {
    figures: [
      { name: `${phase}.rate`, label: `calls, ${label}`, value: measuredRate(stage), unit: '/s' },
      ...cpuFigures(phase, before, after, ids.length).filter(({ name }) =>
        /_(total|webhooks|postgres|nats)$/.test(name),
      ),
    ],
    failures: [...(arrived ? [] : ['Not all events of a backlog reached their endpoints.']), ...repeats(stage)],
  };
}

/** While nobody dies, nothing comes twice. */
function repeats(stage: CallStage): string[] {
  const arrivals = stage.arrivalsFrom(0);
  const extra = arrivals.length - new Set(arrivals.map(({ eventId }) => eventId)).size;
  return extra === 0 ? [] : [`${extra} calls were made more than once.`];
}

async function steady(stage: CallStage): Promise<PhaseResult> {
  const seconds = stage.bench.seconds.steady;
  stage.receiver.forget();
  const arrived = await stage.allArrived(await stage.tellEvenly(STEADY_PER_SECOND * seconds, STEADY_PER_SECOND));
  return {
    figures: latencyFigures('calls.first_attempt', `event → first attempt at ${STEADY_PER_SECOND}/s`, stage.waits()),
    failures: arrived ? [] : ['Not all events of the steady load reached their endpoints.'],
  };
}

const valueOf = (figures: readonly Figure[], wanted: string): number =>
  figures.find(({ name }) => name === wanted)?.value ?? Number.NaN;

function ratios(figures: readonly Figure[]): Figure[] {
  return [1, 2].map((replicas) => ({
    name: `calls.per_bare_${replicas}`,
    label: `calls ÷ bare POSTs, ${replicas === 1 ? '1 replica' : `${replicas} replicas`}`,
    value: valueOf(figures, `calls.replicas_${replicas}.rate`) / valueOf(figures, 'calls.bare_rate'),
    unit: 'x',
  }));
}
