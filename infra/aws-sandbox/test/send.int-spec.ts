import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ConfigurationSetDoesNotExistException,
  CreateConfigurationSetCommand,
  GetSendQuotaCommand,
  ListTemplatesCommand,
  MessageRejected,
} from '@aws-sdk/client-ses';
import { rawMessage, refusalOf, sendCommand, startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';

interface Listed {
  readonly data: readonly {
    message_id: string;
    source: string;
    destinations: string[];
    tags: Record<string, string>;
    configuration_set: string | null;
    raw_base64: string;
    at: string;
  }[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** Source: Amazon SES quotas for the v1 API. */
const SES_MAX_BYTES = 10 * 1024 * 1024;
/** Holds a slash in Base64: the SDK's check of long values without one depends on what else ran in the process. */
const FILLER = 'x?\r\n';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

const list = async (query: string): Promise<Listed> => (await fixture.call('GET', `/messages?${query}`)).body as Listed;

test('a taken message is listed with its envelope, tags and what a recipient gets', async () => {
  await fixture.ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: 'shown' } }));
  const raw = rawMessage({
    'Message-ID': '<own@postern.test>',
    Date: 'Thu, 01 Jan 1970 00:00:00 +0000',
    'X-SES-CONFIGURATION-SET': 'shown',
    References: '<own@postern.test>',
  });
  const { MessageId: id } = await fixture.ses.send(
    sendCommand(['Shown@example.com', 'blind@example.net'], {
      RawMessage: { Data: raw },
      Tags: [{ Name: 'message', Value: 'msg_1' }],
    }),
  );
  expect(id).toMatch(/^0100[0-9a-f]{12}-[0-9a-f-]{36}-000000$/);
  const { data } = await list('to=shown@EXAMPLE.com');
  expect(data).toHaveLength(1);
  expect(data[0]).toMatchObject({
    message_id: id,
    source: 'agent@postern.test',
    destinations: ['Shown@example.com', 'blind@example.net'],
    tags: { message: 'msg_1' },
    configuration_set: 'shown',
  });
  const sent = Buffer.from(data[0]?.raw_base64 ?? '', 'base64').toString();
  expect(sent).toContain(`\r\nMessage-ID: <${id}@email.amazonses.com>\r\n`);
  expect(sent).toContain('\r\nReferences: <own@postern.test>\r\n');
  expect(sent).not.toMatch(/Message-ID: <own|1970|X-SES/);
  expect(sent.endsWith('\r\n\r\nHello.\r\n')).toBe(true);
});

test('listing pages by cursor, counts and filters by content', async () => {
  const to = 'paged@example.com';
  for (let n = 0; n < 5; n++) {
    await fixture.ses.send(sendCommand(to, { RawMessage: { Data: rawMessage({}, `needle-${n}`) } }));
  }
  const first = await list(`to=${to}&limit=3`);
  expect(first.data).toHaveLength(3);
  expect(first.has_more).toBe(true);
  const second = await list(`to=${to}&limit=3&after=${first.next_cursor}`);
  expect(second.data).toHaveLength(2);
  expect(second).toMatchObject({ has_more: false, next_cursor: null });
  expect((await list('contains=needle-3')).data).toHaveLength(1);
  expect((await fixture.call('GET', `/messages/count?to=${to}`)).body).toEqual({ count: 5 });
  expect((await fixture.call('DELETE', '/messages')).status).toBe(204);
  expect((await fixture.call('GET', '/messages/count')).body).toEqual({ count: 0 });
});

describe('what SES refuses', () => {
  const cases: [string, ReturnType<typeof sendCommand>, string, RegExp][] = [
    [
      'a sender that is not verified',
      sendCommand('a@example.com', { Source: 'me@elsewhere.test' }),
      'MessageRejected',
      /^Email address is not verified\..*US-EAST-1: me@elsewhere\.test/,
    ],
    [
      'a From that is not verified',
      sendCommand('a@example.com', { RawMessage: { Data: rawMessage({ From: 'x@elsewhere.test' }) } }),
      'MessageRejected',
      /not verified/,
    ],
    [
      '51 recipients',
      sendCommand(Array.from({ length: 51 }, (_, n) => `a${n}@example.com`)),
      'MessageRejected',
      /exceeds 50/,
    ],
    [
      'no recipient',
      sendCommand([], { RawMessage: { Data: Buffer.from('From: a@postern.test\r\n\r\nx') } }),
      'InvalidParameterValue',
      /Missing required header 'To'/,
    ],
    [
      'one malformed address among good ones',
      sendCommand(['a@example.com', 'nobody']),
      'InvalidParameterValue',
      /@domain/,
    ],
    ['an address that is not ASCII', sendCommand('jörg@example.com'), 'InvalidParameterValue', /non-ASCII/],
    [
      'a tag with other characters',
      sendCommand('a@example.com', { Tags: [{ Name: 'a', Value: 'b c' }] }),
      'InvalidParameterValue',
      /tag value/,
    ],
    [
      'a header that may come once',
      sendCommand('a@example.com', {
        RawMessage: { Data: Buffer.from('From: a@postern.test\nSubject: 1\nsubject: 2\n\nx') },
      }),
      'InvalidParameterValue',
      /^Duplicate header 'subject'/,
    ],
    [
      'a message without From',
      sendCommand('a@example.com', { RawMessage: { Data: Buffer.from('Subject: 1\n\nx') } }),
      'InvalidParameterValue',
      /'From'/,
    ],
    [
      'a configuration set that is not there',
      sendCommand('a@example.com', { ConfigurationSetName: 'none' }),
      'ConfigurationSetDoesNotExistException',
      /<none> does not exist/,
    ],
    [
      'more than 10 MB',
      sendCommand('a@example.com', {
        RawMessage: { Data: Buffer.concat([rawMessage(), Buffer.alloc(SES_MAX_BYTES, FILLER)]) },
      }),
      'InvalidParameterValue',
      /more than 10485760 bytes/,
    ],
  ];
  test.each(cases)('%s', async (_, command, name, message) => {
    const before = (await fixture.call('GET', '/messages/count')).body;
    expect(await refusalOf(fixture.ses.send(command))).toEqual({
      name,
      message: expect.stringMatching(message),
      status: 400,
    });
    expect((await fixture.call('GET', '/messages/count')).body).toEqual(before);
  });

  test('modelled refusals have the classes of the SDK', async () => {
    await expect(fixture.ses.send(cases[0]![1])).rejects.toBeInstanceOf(MessageRejected);
    await expect(
      fixture.ses.send(sendCommand('a@example.com', { ConfigurationSetName: 'none' })),
    ).rejects.toBeInstanceOf(ConfigurationSetDoesNotExistException);
  });

  test('a call without credentials, and an action it does not know', async () => {
    const answer = await fetch(fixture.sandbox.url, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'SendRawEmail', Version: '2010-12-01' }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
    expect(await refusalOf(fixture.ses.send(new ListTemplatesCommand({})))).toMatchObject({ name: 'InvalidAction' });
  });
});

test('exactly 10 MB and 50 recipients pass', async () => {
  const head = rawMessage();
  const data = Buffer.concat([head, Buffer.alloc(SES_MAX_BYTES - head.length, FILLER)]);
  const recipients = Array.from({ length: 50 }, (_, n) => `a${n}@example.com`);
  await expect(fixture.ses.send(sendCommand(recipients, { RawMessage: { Data: data } }))).resolves.toBeDefined();
});

test('the quota limits the rate and the day, and counts recipients', async () => {
  const limited = await startFixture();
  try {
    expect((await limited.call('POST', '/quota', { max_24_hour_send: 3 })).status).toBe(200);
    await limited.ses.send(sendCommand(['a@example.com', 'b@example.com']));
    await limited.ses.send(sendCommand('success@simulator.amazonses.com'));
    expect(await refusalOf(limited.ses.send(sendCommand(['a@example.com', 'b@example.com'])))).toMatchObject({
      name: 'Throttling',
      message: 'Daily message quota exceeded.',
    });
    expect(await limited.ses.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: 3,
      MaxSendRate: 5000,
      SentLast24Hours: 2,
    });

    await limited.call('POST', '/quota', { max_send_rate: 0.01, max_24_hour_send: -1 });
    await limited.ses.send(sendCommand('a@example.com'));
    expect(await refusalOf(limited.ses.send(sendCommand('a@example.com')))).toMatchObject({
      name: 'Throttling',
      message: 'Maximum sending rate exceeded.',
    });
  } finally {
    await limited.stop();
  }
});
