import { afterAll, beforeAll } from '@jest/globals';
import { conformance } from '../harness/conformance.js';
import { answerRows } from './sentvia/answers.rows.js';
import { domainRows } from './sentvia/domains.rows.js';
import { draftRows } from './sentvia/drafts.rows.js';
import { edgeRows } from './sentvia/edge.rows.js';
import { hookRows } from './sentvia/hooks.rows.js';
import { inboxRows } from './sentvia/inboxes.rows.js';
import { labelRows, listRows } from './sentvia/marks.rows.js';
import { readingRows } from './sentvia/reading.rows.js';
import { sendRows } from './sentvia/sends.rows.js';
import { here, prepare } from './sentvia/setting.js';

beforeAll(prepare);
afterAll(() => here().receiver.stop());

const INTRO = `
# Sentvia

Clients of Sentvia (docs.sentvia.ai, as of November 2026) work with another base URL and another key:
\`https://YOUR-POSTERN/compat/sentvia/v1\` in place of \`https://api.sentvia.ai/v1\`, and a key of Postern (\`pn_live_…\`, \`pn_test_…\`) in
\`Authorization: Bearer\`. Its MCP server, by its own page, takes both from \`SENTVIA_BASE_URL\` (without
\`/v1\`) and \`SENTVIA_API_KEY\`.

\`\`\`sh
curl https://YOUR-POSTERN/compat/sentvia/v1/messages -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"inbox_id": "inb_…", "to": ["ann@example.com"], "subject": "Hello", "text": "Hi", "client_id": "order-4821"}'
\`\`\`

It stays safer here: mail is scanned in both directions, recipients are never left out silently, a \`client_id\` with another body is refused,
webhooks carry a signed time besides. An allow rule makes its direction allow-only. Ids are Postern's. Lists whose shape Sentvia does not show
are JSON arrays. Lists end at 1,000, and threads are those of the newest 1,000 messages. A call that shows threads, or links to
files, counts as several against a rate.
`;

conformance('sentvia', INTRO, [
  ...edgeRows,
  ...inboxRows,
  ...sendRows,
  ...answerRows,
  ...readingRows,
  ...draftRows,
  ...labelRows,
  ...listRows,
  ...hookRows,
  ...domainRows,
]);
