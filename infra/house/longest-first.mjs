// The order in which Jest starts test files: those that are known to take long first, so that no worker waits for the last.
import Sequencer from '@jest/test-sequencer';

/** By their time on a quiet machine, from two minutes to ten seconds. The others follow as Jest sorts them, by size. */
export const LONGEST = [
  'apps/e2e/src/faults.e2e-spec.ts',
  'apps/e2e/src/away.e2e-spec.ts',
  'apps/e2e/src/replicas.e2e-spec.ts',
  'apps/e2e/src/delete.e2e-spec.ts',
  'apps/e2e/src/approvals.e2e-spec.ts',
  'apps/e2e/src/audit.e2e-spec.ts',
  'apps/e2e/src/idempotency.e2e-spec.ts',
  'apps/e2e/src/loop.e2e-spec.ts',
  'apps/delivery/test/fault-matrix.int-spec.ts',
  'apps/delivery/test/outage.int-spec.ts',
  'apps/delivery/test/kill-points.int-spec.ts',
  'apps/ingest/test/corpus.int-spec.ts',
  'apps/security-scan/test/extractor.int-spec.ts',
  'apps/webhooks/test/outage.int-spec.ts',
  'infra/local/test/stack.int-spec.ts',
  'infra/local/test/runner.int-spec.ts',
  'apps/delivery/test/replicas.int-spec.ts',
  'apps/delivery/test/fair.int-spec.ts',
  'apps/messaging/test/lists.int-spec.ts',
  'apps/ingest/test/mail-readers.int-spec.ts',
  'apps/gateway/test/rate.int-spec.ts',
  'apps/delivery/test/race.int-spec.ts',
  'apps/delivery/test/doubt.int-spec.ts',
  'apps/gateway/test/streams.int-spec.ts',
  'apps/webhooks/test/leases.int-spec.ts',
  'apps/webhooks/test/kills.int-spec.ts',
  'apps/delivery/test/brake-kills.int-spec.ts',
  'apps/delivery/test/reputation.int-spec.ts',
  'apps/ingest/test/s3-mail.int-spec.ts',
  'apps/ingest/test/fuzz.int-spec.ts',
  'apps/gateway/test/hostile/hostile.int-spec.ts',
  'apps/security-scan/src/verdict/time-bounds.spec.ts',
  'apps/security-scan/test/corpus.spec.ts',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path }) => LONGEST.findIndex((known) => path.endsWith(`/${known}`));
    const known = tests.filter((test) => placeOf(test) >= 0).toSorted((a, b) => placeOf(a) - placeOf(b));
    return [...known, ...super.sort(tests.filter((test) => placeOf(test) < 0))];
  }
}
