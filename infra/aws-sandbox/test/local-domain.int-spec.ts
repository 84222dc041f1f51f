import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { rawMessage, sendCommand, startFixture, trackedSending } from './fixture.js';
import type { Fixture } from './fixture.js';
import type { SnsEndpoint } from './sns-endpoint.js';

interface Mail {
  readonly from: string;
  readonly to: string[];
  readonly raw: string;
}

const mails: Mail[] = [];
let refusals: { code: number; text: string }[] = [];
let arrived: () => void = () => undefined;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  logger: false,
  onRcptTo({ address }, _session, callback) {
    const refusal = address.startsWith('unknown') ? { code: 550, text: '5.1.1 No such inbox' } : refusals.shift();
    callback(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
  },
  onData(stream, session, callback) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      mails.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        raw: Buffer.concat(chunks).toString(),
      });
      callback();
      arrived();
    });
  },
});

let fixture: Fixture;
let endpoint: SnsEndpoint;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  fixture = await startFixture({ smtp: `127.0.0.1:${port}` });
  endpoint = await trackedSending(fixture);
});
afterAll(async () => {
  await fixture.stop();
  await endpoint.stop();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const nextMail = async (count: number): Promise<void> => {
  while (mails.length < count) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
};
const send = (to: string | string[], raw = rawMessage()) =>
  fixture.ses.send(sendCommand(to, { RawMessage: { Data: raw }, ConfigurationSetName: 'tracking' }));

// The case of the domain is lost on the way through SMTP; events name recipients as the caller wrote them.
test('mail for the local domain is handed on with its envelope, and each answer becomes an event', async () => {
  const recipients = ['one@postern.test', 'Two@Postern.test', 'unknown@postern.test', 'away@example.com'];
  const { MessageId } = await send(recipients, rawMessage({}, 'A line.\r\n.A line that starts with a dot.'));
  await nextMail(1);
  expect(mails[0]).toMatchObject({ from: 'agent@postern.test', to: ['one@postern.test', 'Two@postern.test'] });
  expect(mails[0]?.raw).toContain(`Message-ID: <${MessageId}@email.amazonses.com>`);
  expect(mails[0]?.raw).toContain('\r\n.A line that starts with a dot.\r\n');
  expect(await endpoint.nextEvent('Bounce')).toMatchObject({
    bounce: {
      bounceType: 'Permanent',
      bouncedRecipients: [
        {
          emailAddress: 'unknown@postern.test',
          status: '5.1.1',
          diagnosticCode: expect.stringContaining('550 5.1.1 No such inbox'),
        },
      ],
    },
  });
  const delivered = [await endpoint.nextEvent('Delivery'), await endpoint.nextEvent('Delivery')];
  const named = delivered.flatMap((record) => record['delivery']?.['recipients'] ?? []);
  expect(named.toSorted()).toEqual(['Two@Postern.test', 'away@example.com', 'one@postern.test']);
});

test('a server that is busy is tried again', async () => {
  refusals = [{ code: 451, text: '4.3.0 Try again' }];
  const before = mails.length;
  await send('busy@postern.test');
  await nextMail(before + 1);
  expect(await endpoint.nextEvent('Delivery')).toMatchObject({ delivery: { recipients: ['busy@postern.test'] } });
});

test('the out-of-office address answers by mail from the null sender', async () => {
  const before = mails.length;
  const { MessageId } = await send(
    'ooto@simulator.amazonses.com',
    rawMessage({ Subject: '=?utf-8?Q?Gr=C3=BC=C3=9Fe?=' }),
  );
  await nextMail(before + 1);
  const answer = mails.at(-1);
  expect(answer).toMatchObject({ from: '', to: ['agent@postern.test'] });
  expect(answer?.raw).toMatch(/^Auto-Submitted: auto-replied\r$/m);
  expect(answer?.raw).toContain(`In-Reply-To: <${MessageId}@email.amazonses.com>`);
  expect(answer?.raw).toContain('Subject: Auto: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=');
  expect(await endpoint.nextEvent('Delivery')).toMatchObject({
    delivery: { recipients: ['ooto@simulator.amazonses.com'] },
  });
});
