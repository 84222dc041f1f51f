import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { headerOf } from '../../harness/outside.js';
import { unique } from '../../harness/postern.js';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { expectRefusal, expectWrong, fieldsOf, TIME } from './rows.js';
import type { World } from './world.js';

const SUBJECT_MAX = 998;
const recipient = (): string => `success+${unique('to')}@simulator.amazonses.com`;

export const messageRows = (world: () => Promise<World>): ConformanceRow[] => [
  works('POST /inboxes/{inboxId}/messages', '202 with the message, queued', async () => {
    const { api, inbox } = await world();
    const [to, subject] = [recipient(), unique('Subject')];
    const { status, body } = await api.send(inbox, { to: [to], subject, bodyText: 'This is it.' });
    expect([status, body]).toEqual([
      202,
      {
        id: expect.stringMatching(/^msg_/),
        inboxId: inbox['id'],
        threadId: expect.stringMatching(/^thr_/),
        direction: 'outbound',
        fromAddress: inbox['address'],
        toAddresses: [to],
        ccAddresses: [],
        subject,
        bodyText: 'This is it.',
        bodyHtml: null,
        delivery: 'email',
        status: 'queued',
        attachments: [],
        messageIdHeader: expect.stringMatching(/^<.+@.+>$/),
        createdAt: TIME,
      },
    ]);
  }),
  works('POST …/messages {cc, bcc}', 'cc is shown; bcc gets a copy, and stands in none', async () => {
    const { api, inbox, outside } = await world();
    const [to, cc, bcc] = [recipient(), recipient(), recipient()];
    const message = await api.sent(inbox, { to: [to], cc: [cc], bcc: [bcc] });
    expect([message['toAddresses'], message['ccAddresses']]).toEqual([[to], [cc]]);
    expect(JSON.stringify(message)).not.toContain(bcc);
    const copy = await outside.gets(bcc);
    expect([headerOf(copy, 'cc'), copy.includes(bcc)]).toEqual([expect.stringContaining(cc), false]);
  }),
  works('POST …/messages {bodyHtml}', 'HTML alone gets a generated text part', async () => {
    const { api, inbox, outside } = await world();
    const to = recipient();
    await api.sent(inbox, { to: [to], bodyText: undefined, bodyHtml: '<p>Only <b>this</b></p>' });
    const copy = await outside.gets(to);
    expect(copy).toMatch(/text\/plain[\s\S]*Only/);
    expect(copy).toMatch(/text\/html[\s\S]*<b>this<\/b>/);
  }),
  works('POST …/messages {threadId}', 'the message joins the thread', async () => {
    const { api, inbox, delivered } = await world();
    const threadId = delivered['threadId'];
    expect((await api.sent(inbox, { threadId, to: [recipient()] }))['threadId']).toBe(threadId);
    expectWrong(await api.send(inbox, { threadId: 'thr_none' }), 'threadId');
  }),
  works('POST …/messages {to}', 'needed, a list, at least one', async () => {
    const { api, inbox } = await world();
    for (const to of [undefined, [], 'ann@example.com', ['ann']]) expectWrong(await api.send(inbox, { to }), 'to');
  }),
  works('POST …/messages {subject}', `needed, at most ${SUBJECT_MAX} characters`, async () => {
    const { api, inbox } = await world();
    expectWrong(await api.send(inbox, { subject: undefined }), 'subject');
    expectWrong(await api.send(inbox, { subject: 'x'.repeat(SUBJECT_MAX + 1) }), 'subject');
    expect((await api.send(inbox, { subject: 'x'.repeat(SUBJECT_MAX), to: [recipient()] })).status).toBe(202);
  }),
  works('POST …/messages {bodyText, bodyHtml}', 'one of them at least', async () => {
    const { api, inbox } = await world();
    expectWrong(await api.send(inbox, { bodyText: undefined }), 'bodyText');
  }),
  works('POST …/messages, delivery', 'dry-run where mail is simulated: with a test key', async () => {
    const { tester, inbox } = await world();
    expectRefusal(await tester.get(`/inboxes/${inbox['id']}`), 404, 'NOT_FOUND');
    expect((await tester.sent(await tester.inbox()))['delivery']).toBe('dry-run');
  }),
  differs(
    'POST …/messages {to}',
    'recipients that bounced or complained before',
    'Refused before anything is sent, with the address and the reason: never dropped in silence.',
    async () => {
      const { api, inbox, bounced } = await world();
      const to = bounced['toAddresses'];
      const refused = await waitFor(async () => {
        const reply = await api.send(inbox, { to });
        return reply.status === 202 ? null : reply;
      }, 'the address to be suppressed');
      expectRefusal(refused, 422, 'RECIPIENTS_BLOCKED');
      expect(refused.body['error']['details']).toEqual({
        recipients: [{ address: to?.[0], reason: 'suppressed_bounce' }],
      });
    },
  ),
  differs(
    'POST …/messages',
    'every inbox sends',
    'The security level of the inbox decides: below guarded_send it is 403, at full_lockdown mail is queued until a person approves it.',
    async () => {
      const { postern, api, held } = await world();
      const inbox = await postern.inbox(api.v1, { security_level: 'receive_only' });
      expectRefusal(await api.send(inbox), 403, 'LEVEL_INSUFFICIENT');
      expect((await api.get(`/messages/${held['id']}`)).body['status']).toBe('queued');
      const { body } = await api.v1.get(`/v1/messages/${held['id']}`);
      expect(body['delivery_status']).toBe('held');
    },
  ),
  works('POST …/messages, Idempotency-Key', 'not in its documents: a repeat is the same message', async () => {
    const { api, inbox } = await world();
    const headers = { 'idempotency-key': unique('key') };
    const mail = { to: [recipient()], subject: 'Once', bodyText: 'Once' };
    const [first, again] = [
      await api.post(`/inboxes/${inbox['id']}/messages`, mail, headers),
      await api.post(`/inboxes/${inbox['id']}/messages`, mail, headers),
    ];
    expect([again.status, again.body['id']]).toEqual([202, first.body['id']]);
    expect(again.headers.get('idempotent-replay')).toBe('true');
  }),
  works('GET /messages/{id}', 'the message', async () => {
    const { api, delivered } = await world();
    const { status, body } = await api.get(`/messages/${delivered['id']}`);
    expect([status, body]).toEqual([
      200,
      { ...fieldsOf(delivered), status: 'delivered', messageIdHeader: expect.stringMatching(/^<.+@.+>$/) },
    ]);
  }),
  works('GET /messages/{id}, messageIdHeader', 'the Message-ID on the wire', async () => {
    const { api, delivered, outside } = await world();
    const { body } = await api.get(`/messages/${delivered['id']}`);
    const copy = await outside.gets(String(delivered['toAddresses']?.[0]));
    expect(body['messageIdHeader']).toBe(headerOf(copy, 'message-id'));
  }),
  works('GET /messages/{id}', 'what was received', async () => {
    const { api, inbox, received } = await world();
    const { body } = await api.get(`/messages/${received['id']}`);
    expect(body).toMatchObject({
      inboxId: inbox['id'],
      direction: 'inbound',
      fromAddress: 'ann@example.com',
      toAddresses: [inbox['address']],
      ccAddresses: ['bob@example.com'],
      subject: received['subject'],
      bodyHtml: '<p>Hello in</p>',
      delivery: 'email',
      status: 'received',
    });
  }),
  differs(
    'GET /messages/{id}',
    'all mail is shown',
    'Mail with malware is withheld: subject and bodies are null for keys without the scope messages:read_withheld.',
    async () => {
      const { api, infected } = await world();
      const reader = await api.narrower({ scopes: ['messages:read'] });
      const hidden = { subject: null, bodyText: null, bodyHtml: null, status: 'received' };
      expect((await reader.get(`/messages/${infected['id']}`)).body).toMatchObject(hidden);
      const found = await reader.list(`/inboxes/${infected['inbox_id']}/messages?status=received&limit=100`);
      expect(found.find(({ id }) => id === infected['id'])).toMatchObject(hidden);
      expect((await api.get(`/messages/${infected['id']}`)).body['subject']).toBe(infected['subject']);
    },
  ),
  works('GET /messages/{id}', '404 for what is unknown, or somebody else’s', async () => {
    const { api, stranger, delivered } = await world();
    for (const id of ['msg_01k9x5e8w2f7h8j9k0m1n2p3q4', 'nonsense'])
      expectRefusal(await api.get(`/messages/${id}`), 404, 'NOT_FOUND');
    expectRefusal(await stranger.get(`/messages/${delivered['id']}`), 404, 'NOT_FOUND');
    expectRefusal(await stranger.call('DELETE', `/messages/${delivered['id']}`), 404, 'NOT_FOUND');
  }),
  works('DELETE /messages/{id}', '204, for good; what was sent is not recalled', async () => {
    const { api, inbox, postern } = await world();
    const to = recipient();
    const message = await api.sent(inbox, { to: [to] });
    await postern.settled(message, ['delivered'], api.v1);
    expect(await api.call('DELETE', `/messages/${message['id']}`)).toMatchObject({ status: 204, body: '' });
    expectRefusal(await api.get(`/messages/${message['id']}`), 404, 'NOT_FOUND');
    expect(await postern.sandbox.count({ to })).toBe(1);
  }),
  works('DELETE /messages/{id}', 'its thread goes with the only message', async () => {
    const { tester } = await world();
    const message = await tester.sent(await tester.inbox());
    await waitFor(
      async () => (await tester.call('DELETE', `/messages/${message['id']}`)).status === 204,
      'the message to be deleted',
    );
    expectRefusal(await tester.get(`/threads/${message['threadId']}`), 404, 'NOT_FOUND');
  }),
];
