import { beforeAll } from '@jest/globals';
import { conformance } from '../harness/conformance.js';
import { accountRows } from './agentmail/account.rows.js';
import { contentRows } from './agentmail/content.rows.js';
import { draftRows } from './agentmail/drafts.rows.js';
import { errorRows } from './agentmail/errors.rows.js';
import { inboxRows } from './agentmail/inboxes.rows.js';
import { messageRows } from './agentmail/messages.rows.js';
import { sendRows } from './agentmail/sends.rows.js';
import { makeSetting, type Setting } from './agentmail/setting.js';
import { threadRows } from './agentmail/threads.rows.js';
import { webhookRows } from './agentmail/webhooks.rows.js';

const INTRO = `
# AgentMail's clients at Postern

The gateway answers the calls of AgentMail's API, version 0. Its client needs another base URL and a key of Postern:

\`\`\`ts
const client = new AgentMailClient({ apiKey: 'pn_live_…', baseUrl: 'https://mail.example.com/compat/agentmail' });
\`\`\`

By hand: \`curl -H 'Authorization: Bearer pn_live_…' https://mail.example.com/compat/agentmail/v0/inboxes\`. A key needs the
scope \`inboxes:read\` beside that of the call, because inboxes are called by their addresses; a test key sees test mail only.

What stays safer: every message is scanned before it is sent, and may be held for a person (202) or refused (403); withheld
mail shows no content; whoever is on a list is named; what is not offered is refused, never dropped. A thread is told by its
100 newest messages, and each one of a list counts as one more request. Proved with the unmodified package \`agentmail\`
0.5.27; the calls are named as its methods are.
`;

let setting: Setting;
const at = (): Setting => setting;

beforeAll(async () => {
  setting = await makeSetting();
});

const ROWS = [
  inboxRows,
  sendRows,
  messageRows,
  contentRows,
  threadRows,
  draftRows,
  webhookRows,
  accountRows,
  errorRows,
];
conformance(
  'agentmail',
  INTRO,
  ROWS.flatMap((rowsOf) => rowsOf(at)),
);
