import { afterAll, beforeAll } from '@jest/globals';
import { conformance } from '../harness/conformance.js';
import { sharedPostern } from '../harness/shared-stack.js';
import { accessRows } from './secureagentmail/access.rows.js';
import { approvalRows } from './secureagentmail/approval.rows.js';
import { auditRows } from './secureagentmail/audit.rows.js';
import { creditRows } from './secureagentmail/credit.rows.js';
import { inboxRows } from './secureagentmail/inbox.rows.js';
import { messageRows } from './secureagentmail/message.rows.js';
import { policyRows } from './secureagentmail/policy.rows.js';
import { readingRows } from './secureagentmail/reading.rows.js';
import { releaseRows } from './secureagentmail/release.rows.js';
import { sendRefusalRows } from './secureagentmail/send-refusal.rows.js';
import { sendRows } from './secureagentmail/send.rows.js';
import { type World, worldOf } from './secureagentmail/world.js';

let world: World;
beforeAll(async () => {
  world = await worldOf(sharedPostern());
});
afterAll(() => world.hook.stop());

const INTRO = `
# SecureAgentMail

Clients of SecureAgentMail work with \`https://YOUR-POSTERN/compat/secureagentmail/api/v1\` in place of
\`https://secureagentmail.com/api/v1\`, and a key of Postern in the same header:

\`\`\`sh
curl -X POST "$POSTERN/compat/secureagentmail/api/v1/inboxes/my-agent/messages" -H "Authorization: Bearer $KEY" \\
  -H 'Content-Type: application/json' -d '{"to": "ann@example.com", "subject": "Your order", "body": "It left today."}'
\`\`\`

An agent's key needs the scopes \`inboxes:*\`, \`messages:read\`, \`messages:write\`, \`messages:send\` and \`approvals:read\`; a reviewer's
\`approvals:*\`, \`messages:read\` and \`messages:read_withheld\`. \`webhook_url\` takes \`webhooks:*\` besides. Keys of test mode simulate
delivery. Where the documents of SecureAgentMail disagree (\`/send\`, release under the inbox, \`/audit-logs\`, levels as numbers) both ways work.

What stays safer: who sends never approves or releases, withheld mail has no content for agents, hidden text reaches nobody, calls of
webhooks carry the signature of Standard Webhooks, too, and an unknown field is refused. Ids, cursors and credits are those of \`/v1\`.
`;

conformance('secureagentmail', INTRO, [
  ...inboxRows(() => world),
  ...sendRows(() => world),
  ...sendRefusalRows(() => world),
  ...messageRows(() => world),
  ...releaseRows(() => world),
  ...readingRows(() => world),
  ...policyRows(() => world),
  ...approvalRows(() => world),
  ...creditRows(() => world),
  ...auditRows(() => world),
  ...accessRows(() => world),
]);
