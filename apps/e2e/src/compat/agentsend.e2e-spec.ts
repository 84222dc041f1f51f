import { afterAll, beforeAll } from '@jest/globals';
import { conformance } from '../harness/conformance.js';
import { sharedPostern } from '../harness/shared-stack.js';
import { accountRows } from './agentsend/account.rows.js';
import { attachmentRows } from './agentsend/attachments.rows.js';
import { domainRows } from './agentsend/domains.rows.js';
import { inboxRows } from './agentsend/inboxes.rows.js';
import { listRows } from './agentsend/lists.rows.js';
import { messageRows } from './agentsend/messages.rows.js';
import { once } from './agentsend/rows.js';
import { threadRows } from './agentsend/threads.rows.js';
import { webhookRows } from './agentsend/webhooks.rows.js';
import { makeWorld } from './agentsend/world.js';

const INTRO = `
# Clients of AgentSend

Base URL: \`https://<your gateway>/compat/agentsend\`, in place of \`https://api.agentsend.io\`; its TypeScript client takes it as \`baseUrl\`.
Key: one of Postern's (\`pn_live_…\`, or \`pn_test_…\` for dry runs) in \`x-api-key\` or \`Authorization: Bearer\`.

    curl https://mail.example.com/compat/agentsend/inboxes -H "x-api-key: $KEY" -d '{"displayName": "Support Agent"}' -H "content-type: application/json"

Every call runs through the rules of \`/v1\`: scopes, rates, credits, security levels, scanning, approval. Ids are the same there, and \`/v1\` tells more:
why a message waits, and what became of each recipient. The body of errors is \`{"error": {"code", "message", "details"?}}\`, as its client reads
it; its documents name few codes, so the codes are those of \`/v1\` in capitals, and a wrong request is 400. Its client repeats a send after a 5xx:
give it an \`Idempotency-Key\` where it must not come twice.
`;

const postern = sharedPostern();
const world = once(() => makeWorld(postern));

beforeAll(world);
afterAll(async () => (await world()).hook.stop());

conformance('agentsend', INTRO, [
  ...accountRows(world),
  ...inboxRows(world),
  ...messageRows(world),
  ...listRows(world),
  ...threadRows(world),
  ...attachmentRows(world),
  ...webhookRows(world),
  ...domainRows(world),
]);
