import { afterAll, beforeAll } from '@jest/globals';
import { conformance } from '../harness/conformance.js';
import { sharedPostern } from '../harness/shared-stack.js';
import { accountRows } from './sendook/account.rows.js';
import { domainRows } from './sendook/domain.rows.js';
import { edgeRows } from './sendook/edge.rows.js';
import { inboxRows } from './sendook/inbox.rows.js';
import { readingRows } from './sendook/reading.rows.js';
import { replyRows } from './sendook/reply.rows.js';
import { sendRows } from './sendook/send.rows.js';
import { webhookRows } from './sendook/webhook.rows.js';
import { type World, worldOf } from './sendook/world.js';

const INTRO = `# Clients of Sendook

Point them at \`/compat/sendook\` of the gateway, with a key of Postern in place of theirs:

\`\`\`sh
curl https://mail.example.com/compat/sendook/v1/inboxes -H "Authorization: Bearer $POSTERN_KEY"
\`\`\`
\`\`\`ts
const client = new SendookAPI(process.env.POSTERN_KEY, 'https://mail.example.com/compat/sendook');
\`\`\`

A key decides between live and test mode. Every POST heeds \`Idempotency-Key\`. Its lists have no pages: of more than a thousand
entries the newest come, with the header \`x-has-more: true\`. \`COMPAT_SENDOOK_SENDS_PER_HOUR\` sets the limit of the hour.
What stays safer: mail is scanned both ways and may be held, bcc reaches its recipients and no header, blocked recipients are
named, webhooks are signed and retried and keep to public addresses unless the operator allows others, searches are no regular expressions.`;

let world: World;
beforeAll(async () => {
  world = await worldOf(sharedPostern());
});
afterAll(async () => {
  await world?.hook.stop();
});

const current = (): World => world;

conformance('sendook', INTRO, [
  ...edgeRows(current),
  ...inboxRows(current),
  ...sendRows(current),
  ...replyRows(current),
  ...readingRows(current),
  ...domainRows(current),
  ...webhookRows(current),
  ...accountRows(current),
]);
