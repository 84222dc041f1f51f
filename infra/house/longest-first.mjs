// The order in which Jest starts test files: those that are known to take long first, so that no worker waits for the last.
import Sequencer from '@jest/test-sequencer';

/** By their time on a quiet machine, from two minutes to ten seconds. The others follow as Jest sorts them, by size. */
export const LONGEST = [
  'apps/e2e/src/faults.e2e-spec.ts',
  'apps/e2e/src/away.e2e-spec.ts',
  'apps/e2e/src/replicas.e2e-spec.ts',
  'apps/e2e/src/delete.e2e-spec.ts',
  'apps/e2e/src/approvals.e2e-spec.ts',
  'apps/e2e/src/loop.e2e-spec.ts',
  'apps/e2e/src/idempotency.e2e-spec.ts',
  'apps/e2e/src/compat/agentsend.e2e-spec.ts',
  'apps/e2e/src/compat/agentmail.e2e-spec.ts',
  'apps/e2e/src/isolation.e2e-spec.ts',
  'apps/e2e/src/compat/secureagentmail.e2e-spec.ts',
  'apps/e2e/src/audit.e2e-spec.ts',
  'apps/e2e/src/compat/sentvia.e2e-spec.ts',
  'apps/delivery/test/kill-points.int-spec.ts',
  'apps/delivery/test/outage.int-spec.ts',
  'apps/delivery/test/fault-matrix.int-spec.ts',
  'apps/messaging/test/lists.int-spec.ts',
  'apps/security-scan/test/extractor.int-spec.ts',
  'apps/gateway/test/rate.int-spec.ts',
  'apps/ingest/test/corpus.int-spec.ts',
  'apps/ingest/test/mail-readers.int-spec.ts',
  'infra/local/test/stack.int-spec.ts',
  'apps/delivery/test/fair.int-spec.ts',
  'apps/delivery/test/doubt.int-spec.ts',
  'apps/delivery/test/replicas.int-spec.ts',
  'libs/eventing/test/content-store.int-spec.ts',
  'apps/security-scan/test/attachments.int-spec.ts',
  'apps/webhooks/test/kills.int-spec.ts',
  'apps/webhooks/test/leases.int-spec.ts',
  'apps/delivery/test/brake-kills.int-spec.ts',
  'apps/delivery/test/reputation.int-spec.ts',
  'apps/webhooks/test/slow-endpoint.int-spec.ts',
  'apps/ingest/test/s3-mail.int-spec.ts',
  'apps/webhooks/test/fair.int-spec.ts',
  'apps/messaging/test/remove-inbox.int-spec.ts',
  'apps/gateway/test/credits.int-spec.ts',
  'apps/gateway/test/streams.int-spec.ts',
  'apps/ingest/test/smtp.int-spec.ts',
  'apps/ingest/test/fuzz.int-spec.ts',
  'apps/webhooks/test/killed-replays.int-spec.ts',
  'infra/local/test/runner.int-spec.ts',
  'infra/local/test/postgres.int-spec.ts',
  'apps/webhooks/test/retention.int-spec.ts',
  'apps/gateway/test/audit.int-spec.ts',
  'apps/delivery/test/race.int-spec.ts',
  'apps/webhooks/test/outage.int-spec.ts',
  'apps/gateway/test/hostile/hostile.int-spec.ts',
  'apps/security-scan/src/verdict/time-bounds.spec.ts',
  'apps/security-scan/test/corpus.spec.ts',
  'apps/messaging/src/view/time-bounds.spec.ts',
  'apps/messaging/src/sanitise/sanitise-html.spec.ts',
  'apps/messaging/src/send/hostile-mime.spec.ts',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path }) => LONGEST.findIndex((known) => path.endsWith(`/${known}`));
    const known = tests.filter((test) => placeOf(test) >= 0).toSorted((a, b) => placeOf(a) - placeOf(b));
    return [...known, ...super.sort(tests.filter((test) => placeOf(test) < 0))];
  }
}
