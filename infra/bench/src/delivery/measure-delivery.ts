import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@postern/contracts';
import { Client } from 'pg';
import { type Figure, latencyFigures, type PhaseResult } from '../figures/figure.js';
import { until } from '../postern/until.js';
import { cpuFigures, cpuOf } from '../processes/cpu.js';
import type { Bench } from '../run/bench.js';
import { Backlog } from './backlog.js';

const LOOK_MS = 50;
/** Between these parts of the backlog the rate is taken: neither the start of the processes nor the last few count. */
const FROM_PART = 0.1;
const TO_PART = 0.9;
/** Single messages of other tenants, one after the other, while one tenant's backlog is sent. */
const SINGLES = 10;
const SINGLES_EVERY_MS = 300;
/** Everything but the last door: what it tells waits on the bus. */
const OTHERS = ['gateway', 'messaging', 'security-scan', 'ingest', 'webhooks'];

/**
 * What delivery alone can hand to SES, with one replica and with two, from a backlog of one tenant; and how long single messages
 * of other tenants wait meanwhile.
 */
export async function measureDelivery(bench: Bench): Promise<PhaseResult> {
  const one = await measureWith(1, bench);
  const two = await measureWith(2, await bench.restart(2));
  return { figures: [...one.figures, ...two.figures], failures: [...one.failures, ...two.failures] };
}

async function measureWith(replicas: number, bench: Bench): Promise<PhaseResult> {
  const { stack, gateway, sandbox, backlog: size } = bench;
  const database = new Client({ connectionString: stack.local.database_url });
  await database.connect();
  try {
    const inbox = await gateway.createInbox(`bench-delivery-${replicas}`);
    const backlog = await Backlog.begin(bench, database, inbox);
    await Promise.all(['delivery', ...OTHERS].map((name) => stack.hold(name)));
    await sandbox.empty();
    // Nobody is there to hear it, and the tries of the sandbox to tell it would be most of what is measured.
    await sandbox.tellNothing(true);
    const ids = await backlog.add(size);
    await stack.release('delivery');
    const cpuBefore = cpuOf(stack.local.pids, process.pid);
    const rate = rateOf(bench, size);
    const singles = await addSingles(bench, backlog, size);
    const perSecond = await rate;
    const all = [...ids, ...singles];
    let unsent = '';
    await until(async () => {
      unsent = await backlog.unsent(all);
      return { done: unsent === '', progress: await sandbox.count() };
    });
    const cpuAfter = cpuOf(stack.local.pids, process.pid);
    const phase = `delivery.replicas_${replicas}`;
    const waits = await backlog.waits(singles);
    const figures: Figure[] = [
      { name: `${phase}.rate`, label: `handed to SES, ${count(replicas)}`, value: perSecond, unit: '/s' },
      ...latencyFigures(`${phase}.other_tenant`, `another tenant's one message waits, ${count(replicas)}`, waits),
      ...cpuFigures(phase, cpuBefore, cpuAfter, all.length).filter(({ name }) =>
        /_(total|delivery|postgres|aws_sandbox)$/.test(name),
      ),
    ];
    return { figures, failures: unsent === '' ? await copyFailures(bench, all) : [`Of a backlog stayed ${unsent}.`] };
  } finally {
    await database.end();
    await sandbox.tellNothing(false);
    await Promise.all(OTHERS.map((name) => stack.release(name)));
  }
}

const count = (replicas: number): string => (replicas === 1 ? '1 replica' : `${replicas} replicas`);

/** Messages a second in the middle of a backlog; NaN when it stands still. */
async function rateOf({ sandbox }: Bench, size: number): Promise<number> {
  let from: { at: number; count: number } | undefined;
  let to: { at: number; count: number } | undefined;
  await until(async () => {
    for (let look = 0; look < 5 && to === undefined; look += 1) {
      const seen = { at: performance.now(), count: await sandbox.count() };
      if (seen.count >= size * FROM_PART) from ??= seen;
      if (seen.count >= size * TO_PART) to = seen;
      await pause(LOOK_MS);
    }
    return { done: to !== undefined, progress: await sandbox.count() };
  });
  return from === undefined || to === undefined ? Number.NaN : ((to.count - from.count) * 1000) / (to.at - from.at);
}

async function addSingles({ sandbox }: Bench, backlog: Backlog, size: number): Promise<string[]> {
  await until(async () => {
    const progress = await sandbox.count();
    return { done: progress >= size * FROM_PART, progress };
  });
  const ids: string[] = [];
  while (ids.length < SINGLES) {
    ids.push(...(await backlog.add(1, newId('org'))));
    await pause(SINGLES_EVERY_MS);
  }
  return ids;
}

async function copyFailures({ sandbox }: Bench, ids: readonly string[]): Promise<string[]> {
  const copies = await sandbox.copies();
  const wrong = ids.filter((id) => copies.get(id) !== 1).length;
  return wrong === 0 ? [] : [`${wrong} messages of a backlog did not reach the sandbox exactly once.`];
}
