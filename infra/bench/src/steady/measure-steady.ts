import { Follower, journeyFigures } from '../accept/journey.js';
import type { PhaseResult } from '../figures/figure.js';
import { offeredLoad } from '../load/offered-load.js';
import type { Bench } from '../run/bench.js';

const PER_SECOND = 50;

/** How long a message takes to SES when the machine is not full. */
export async function measureSteady(bench: Bench): Promise<PhaseResult> {
  const inbox = await bench.gateway.createInbox('bench-steady');
  const follower = await Follower.begin(bench);
  const accepted = await offeredLoad(bench.gateway, inbox, { perSecond: PER_SECOND, seconds: bench.seconds.steady });
  const journey = await follower.finish(accepted);
  return { figures: journeyFigures('steady', journey), failures: journey.failures };
}
