import type { PhaseResult } from '../figures/figure.js';
import { Gateway } from '../postern/gateway.js';
import { until } from '../postern/until.js';
import { residenceDuring } from '../processes/resident.js';
import type { Bench } from '../run/bench.js';
import { IdleReaders } from './idle-readers.js';

const ORGANIZATIONS = 5;
/** The default of GATEWAY_STREAMS_PER_ORGANIZATION. */
const OF_ORGANIZATION = 1_000;
const READERS = ORGANIZATIONS * OF_ORGANIZATION;
/** The first comment says that all is told; the next two are heartbeats. */
const COMMENTS = 3;
/** What issue and README promise for so many idle readers. */
const PROMISED_MB = 200;

/** What idle event streams cost the gateway in memory, heartbeats included, and how fast one event reaches a thousand of them. */
export async function measureSse({ stack, gateway }: Bench): Promise<PhaseResult> {
  const root = new Gateway(gateway.url, stack.local.root_key);
  const names = Array.from({ length: ORGANIZATIONS }, (_, index) => `Bench, readers ${index + 1}`);
  const organizations = await Promise.all(names.map((name) => root.createOrganization(name)));
  const opened: IdleReaders[] = [];
  const count = (of: (readers: IdleReaders) => number): number => opened.reduce((sum, one) => sum + of(one), 0);
  const allHave = (of: (readers: IdleReaders) => number, wanted: number): Promise<boolean> =>
    until(async () => ({ done: count(of) >= wanted, progress: count(of) }));
  try {
    const { residence } = await residenceDuring(stack.local.pids, ['gateway'], async () => {
      for (const organization of organizations) opened.push(await IdleReaders.open(organization, OF_ORGANIZATION));
      await allHave((readers) => readers.beaten(COMMENTS), READERS);
    });
    const beaten = count((readers) => readers.beaten(COMMENTS));
    const open = count((readers) => readers.open);
    const [one] = organizations;
    const from = performance.now();
    await one?.createInbox('bench-told');
    await allHave((readers) => readers.told(1), OF_ORGANIZATION);
    const toldMs = Math.max(...opened.map(({ lastToldAt }) => lastToldAt)) - from;
    const told = count((readers) => readers.told(1));
    const memory = residence.get('gateway');
    const grown = memory === undefined ? Number.NaN : memory.peak - memory.before;
    return {
      figures: [
        { name: 'sse.readers', label: 'idle event streams', value: open, unit: '' },
        { name: 'sse.memory', label: 'gateway at most, beyond its start', value: grown, unit: 'MB' },
        { name: 'sse.told', label: `POST → event at the last of ${OF_ORGANIZATION}`, value: toldMs, unit: 'ms' },
      ],
      failures: [
        ...(open === READERS && beaten === READERS ? [] : [`${READERS - Math.min(open, beaten)} streams went silent.`]),
        ...(told === OF_ORGANIZATION ? [] : [`${OF_ORGANIZATION - told} streams were not told.`]),
        ...(grown <= PROMISED_MB ? [] : [`The gateway took ${Math.round(grown)} MB for ${READERS} streams.`]),
      ],
    };
  } finally {
    for (const readers of opened) readers.leave();
  }
}
