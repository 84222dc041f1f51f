import { spawn } from 'node:child_process';
import {
  SESClient,
  SendRawEmailCommand,
  GetSendQuotaCommand,
  CreateConfigurationSetCommand,
  CreateConfigurationSetEventDestinationCommand,
  DescribeConfigurationSetCommand,
} from '@aws-sdk/client-ses';
import { SNSClient, CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import http from 'node:http';
import { mkdtempSync } from 'node:fs';
const child = spawn(
  'node',
  [
    '--cpu-prof',
    '--cpu-prof-dir=/tmp/prof',
    'dist/main.js',
    '--state-dir',
    mkdtempSync('/tmp/sb-'),
    '--verified-domains',
    'postern.test',
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const sb = await new Promise((r) => child.stdout.once('data', (d) => r(JSON.parse(d))));
import { readFileSync } from 'node:fs';
const cpu = () => {
  const f = readFileSync('/proc/' + child.pid + '/stat', 'utf8').split(' ');
  return [(+f[13] + +f[14]) / 100, +f[13] / 100];
};
let got = 0;
const kinds = {};
const srv = http.createServer((q, r) => {
  const c = [];
  q.on('data', (d) => c.push(d));
  q.on('end', async () => {
    const b = JSON.parse(Buffer.concat(c));
    if (b.Type === 'SubscriptionConfirmation') {
      console.log(b);
      await fetch(b.SubscribeURL);
    } else {
      got++;
      const k = JSON.parse(b.Message).eventType;
      kinds[k] = (kinds[k] ?? 0) + 1;
    }
    r.end();
  });
});
await new Promise((r) => srv.listen(0, '127.0.0.1', r));
const conf = {
  endpoint: sb.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  maxAttempts: 1,
};
const ses = new SESClient(conf),
  sns = new SNSClient(conf);
const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'events' }));
console.log(
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `http://127.0.0.1:${srv.address().port}/sns` }),
  ),
);
await ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: 'set' } }));
await ses.send(
  new CreateConfigurationSetEventDestinationCommand({
    ConfigurationSetName: 'set',
    EventDestination: {
      Name: 'd',
      Enabled: true,
      MatchingEventTypes: ['send', 'delivery', 'bounce'],
      SNSDestination: { TopicARN: TopicArn },
    },
  }),
);
console.log(
  JSON.stringify(
    await ses.send(
      new DescribeConfigurationSetCommand({
        ConfigurationSetName: 'set',
        ConfigurationSetAttributeNames: ['eventDestinations'],
      }),
    ),
  ),
);
console.log(await ses.send(new GetSendQuotaCommand({})));
const send = (to) =>
  ses.send(
    new SendRawEmailCommand({
      Source: 'a@postern.test',
      Destinations: [to],
      ConfigurationSetName: 'set',
      Tags: [{ Name: 'message', Value: 'msg_1' }],
      RawMessage: {
        Data: Buffer.from(
          'From: a@postern.test\r\nTo: b@c.d\r\nSubject: x\r\nBcc: q@r.s\r\nMessage-ID: <own@x>\r\n\r\nhello ' +
            'x'.repeat(1500),
        ),
      },
    }),
  );
console.log((await send('success@simulator.amazonses.com')).MessageId);
console.log(
  Buffer.from((await (await fetch(sb.url + '/_sandbox/messages')).json()).data[0].raw_base64, 'base64')
    .toString()
    .slice(0, 300),
);
// SDK-free load
const body = new URLSearchParams({
  Action: 'SendRawEmail',
  Version: '2010-12-01',
  Source: 'a@postern.test',
  'Destinations.member.1': 'x@y.z',
  ConfigurationSetName: 'set',
  'Tags.member.1.Name': 'm',
  'Tags.member.1.Value': 'v',
  'RawMessage.Data': Buffer.from(
    'From: a@postern.test\r\nTo: b@c.d\r\nSubject: x\r\n\r\nhello ' + 'x'.repeat(1500),
  ).toString('base64'),
}).toString();
const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
const one = () =>
  new Promise((res, rej) => {
    const q = http.request(
      sb.url,
      {
        method: 'POST',
        agent,
        headers: {
          authorization:
            'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ses/aws4_request, SignedHeaders=host, Signature=00',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        },
      },
      (r) => {
        r.resume();
        r.on('end', res);
        if (r.statusCode !== 200) console.log(r.statusCode);
      },
    );
    q.on('error', rej);
    q.end(body);
  });
const t = performance.now();
const N = 10000;
let n = 0;
await Promise.all(
  Array.from({ length: 32 }, async () => {
    while (n++ < N) await one();
  }),
);
const t1 = performance.now();
console.log('send/s', (N / (t1 - t)) * 1000);
while (got < 2 * N + 2) await new Promise((r) => setTimeout(r, 20));
console.log('notifications/s overall', (got / (performance.now() - t)) * 1000, kinds);
console.log('sandbox cpu s', cpu());
const k = performance.now();
child.kill();
child.once('exit', (c) => {
  console.log('exit', c, performance.now() - k, 'ms');
  process.exit();
});
