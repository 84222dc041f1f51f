import { latencyFigures, type PhaseResult } from '../figures/figure.js';
import { fullLoad } from '../load/full-load.js';
import { cpuFigures, cpuOf } from '../processes/cpu.js';
import type { Bench } from '../run/bench.js';
import { Follower, journeyFigures } from './journey.js';

const CONNECTIONS = 64;
/** Enough for the compilers of all processes to have seen the hot path: a service runs for months, a measurement for seconds. */
const WARM_UP_REQUESTS = 3_000;
const WARM_UP_CONNECTIONS = 32;

/** As many messages as 64 clients can have accepted, and how long they take to SES meanwhile. */
export async function measureAccept(bench: Bench): Promise<PhaseResult> {
  const { stack, gateway, seconds } = bench;
  const inbox = await gateway.createInbox('bench-accept');
  const warmUp = await Follower.begin(bench);
  const warmed = await fullLoad(gateway, inbox, {
    connections: WARM_UP_CONNECTIONS,
    until: { requests: WARM_UP_REQUESTS },
  });
  const { failures: warmUpFailures } = await warmUp.finish(warmed.accepted);

  const follower = await Follower.begin(bench);
  const cpuBefore = cpuOf(stack.local.pids, process.pid);
  const load = await fullLoad(gateway, inbox, { connections: CONNECTIONS, until: { seconds: seconds.accept } });
  await follower.settle(load.accepted);
  const cpuAfter = cpuOf(stack.local.pids, process.pid);
  const journey = await follower.finish(load.accepted);
  return {
    figures: [
      { name: 'accept.rate', label: 'accepted, 64 connections', value: load.accepted.size / load.seconds, unit: '/s' },
      ...latencyFigures('accept.http', 'request → 202', load.latencies),
      { name: 'accept.non_2xx', label: 'other answers', value: load.otherAnswers, unit: '' },
      { name: 'accept.errors', label: 'broken connections and time-outs', value: load.errors, unit: '' },
      ...journeyFigures('accept', journey),
      ...cpuFigures('accept', cpuBefore, cpuAfter, journey.sentAt.length),
    ],
    failures: [
      ...warmUpFailures,
      ...journey.failures,
      ...(load.otherAnswers + load.errors === 0 ? [] : ['Not every request was answered with 202.']),
    ],
  };
}
