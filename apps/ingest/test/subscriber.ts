import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfirmSubscriptionCommand, CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { waitFor } from '@postern/testing';

export interface Subscriber {
  url: string;
  /** The body of a notification that holds the text, as SNS posted it. */
  bodyWith(text: string): Promise<string>;
  stop(): Promise<void>;
}

/** Subscribes to topics as anybody with an AWS account can, and keeps what SNS posts. */
export async function listenAsSubscriber(snsUrl: string, topicArns: readonly string[]): Promise<Subscriber> {
  const sns = new SNSClient({
    region: 'us-east-1',
    endpoint: snsUrl,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const bodies: string[] = [];
  let confirmed = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      response.end();
      const message = JSON.parse(body) as { Type: string; TopicArn: string; Token: string };
      if (message.Type === 'Notification') bodies.push(body);
      // The URL of an UnsubscribeConfirmation would subscribe again.
      else if (message.Type === 'SubscriptionConfirmation') void confirm(message);
    });
  });
  const confirm = async ({ TopicArn, Token }: { TopicArn: string; Token: string }): Promise<void> => {
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
    confirmed += 1;
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  for (const TopicArn of topicArns) {
    await sns.send(new CreateTopicCommand({ Name: TopicArn.slice(TopicArn.lastIndexOf(':') + 1) }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: url }));
  }
  await waitFor(() => confirmed === topicArns.length, 'the subscriptions to be confirmed');
  return {
    url,
    bodyWith: (text) => waitFor(() => bodies.find((body) => body.includes(text)), `a notification with ${text}`),
    stop: async () => {
      sns.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
