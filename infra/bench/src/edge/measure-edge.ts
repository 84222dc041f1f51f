import autocannon from 'autocannon';
import type { Figure, PhaseResult } from '../figures/figure.js';
import type { Bench } from '../run/bench.js';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 2;
const SECONDS = 5;
/** So high that the load never reaches them: the price of counting is measured, not that of refusing. */
const LIMITS = { requests_per_minute: 100_000_000, credits_per_month: 100_000_000, sends_per_day: 100_000_000 };
const OPEN = '/health/live';
const GUARDED = '/v1/credits';

/** What the edge costs: a small answer without a key, one with a key, and the same for an organization with limits. */
export async function measureEdge({ stack, gateway }: Bench): Promise<PhaseResult> {
  const limited = await limitedKey(gateway.url, stack.local.root_key);
  const rows = [
    { name: 'edge.open', label: `GET ${OPEN}, no key`, path: OPEN, key: undefined },
    { name: 'edge.key', label: `GET ${GUARDED} with a key`, path: GUARDED, key: stack.local.api_key },
    { name: 'edge.limits', label: 'the same, organization with limits', path: GUARDED, key: limited },
  ];
  const figures: Figure[] = [];
  for (const { name, label, path, key } of rows) {
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    await requestsPerSecond(gateway.url + path, headers, WARM_UP_SECONDS);
    figures.push({ name, label, value: await requestsPerSecond(gateway.url + path, headers, SECONDS), unit: '/s' });
  }
  const broken = figures.filter(({ value }) => value === 0);
  return { figures, failures: broken.map(({ label }) => `Nothing was answered: ${label}.`) };
}

async function requestsPerSecond(url: string, headers: Record<string, string>, duration: number): Promise<number> {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, duration });
  return result['2xx'] / result.duration;
}

async function limitedKey(url: string, rootKey: string): Promise<string> {
  const response = await fetch(`${url}/v1/organizations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${rootKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Bench', limits: LIMITS }),
  });
  const made = (await response.json()) as { api_key: { secret: string } };
  return made.api_key.secret;
}
