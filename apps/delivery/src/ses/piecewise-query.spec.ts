import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SESClient, SendRawEmailCommand, type SESClientConfig } from '@aws-sdk/client-ses';
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import { PiecewiseQueryProtocol } from './piecewise-query.js';

/** Two processes load the SDK, on a machine that may be busy. */
const PROCESSES_MS = 60_000;

/** What a client would write to the connection. */
function recorder(config: SESClientConfig = {}) {
  const bodies: string[] = [];
  const client = new SESClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    ...config,
    requestHandler: {
      handle: (request: HttpRequest) => {
        bodies.push(String(request.body));
        const response = new HttpResponse({ statusCode: 200, headers: {}, body: new Uint8Array() });
        return Promise.resolve({ response });
      },
    },
  });
  return { client, bodies };
}

const commandOf = (source: string, data: Uint8Array): SendRawEmailCommand =>
  new SendRawEmailCommand({ Source: source, Destinations: ['a@example.com'], RawMessage: { Data: data } });

test.each([
  ['short', 'a@b.test', Buffer.from("it's (all) *here*!")],
  ['long', 'a@b.test', Buffer.alloc(300_000, 'x?\r\n')],
  // The boundary of a piece lies within an emoji for one of the two.
  ['text of pairs', '😀'.repeat(50_000), Buffer.from('x')],
  ['text of pairs, one further', `x${'😀'.repeat(50_000)}`, Buffer.from('x')],
])('writes what the SDK writes: %s', async (_, source, data) => {
  const [ours, theirs] = [recorder({ protocol: PiecewiseQueryProtocol }), recorder()];
  await ours.client.send(commandOf(source, data));
  await theirs.client.send(commandOf(source, data));
  expect(ours.bodies[0] === theirs.bodies[0]).toBe(true);
});

test('a call that cannot be written leaves nothing to the next one', async () => {
  const { client, bodies } = recorder({ protocol: PiecewiseQueryProtocol });
  const halfOfAPair = '\ud83d';
  await expect(client.send(commandOf(halfOfAPair, Buffer.from('another tenant')))).rejects.toThrow('URI malformed');
  await client.send(commandOf('a@b.test', Buffer.from('next')));
  const expected = recorder();
  await expected.client.send(commandOf('a@b.test', Buffer.from('next')));
  expect(bodies).toEqual(expected.bodies);
});

test(
  '10 MB without a special character pass where V8 no longer optimises patterns',
  async () => {
    const program = `
    import { PiecewiseQueryProtocol } from ${JSON.stringify(new URL('./piecewise-query.ts', import.meta.url).href)};
    import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
    const client = new SESClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      ...(process.argv[1] === 'ours' && { protocol: PiecewiseQueryProtocol }),
      requestHandler: { handle: async (request) => { throw new Error('written ' + (request.body.length > 1e7)); } },
    });
    const Data = Buffer.alloc(10 * 1024 * 1024, 'x\\r\\n');
    await client.send(new SendRawEmailCommand({ RawMessage: { Data } })).catch((error) => console.log(error.message));
  `;
    const run = async (protocol: string) => {
      const args = ['--no-regexp-optimization', '--input-type=module', '--eval', program, protocol];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
      });
      return stdout.trim();
    };
    // If the SDK alone passes one day, its serializer can be used again.
    expect(await run('theirs')).toBe('Maximum call stack size exceeded');
    expect(await run('ours')).toBe('written true');
  },
  PROCESSES_MS,
);
