import { generateKeyPairSync, createSign, randomUUID } from 'node:crypto';

/** A notification that looks right and is signed by a key of our own. */
export function forgedNotification(given: Record<string, string> = {}): Record<string, string> {
  const body: Record<string, string> = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: 'arn:aws:sns:us-east-1:000000000000:postern-events',
    Message: JSON.stringify({ eventType: 'Bounce' }),
    Timestamp: new Date().toISOString(),
    SignatureVersion: '2',
    SigningCertURL:
      'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem',
    ...given,
  };
  // Amazon SNS developer guide, "Verifying the signatures": these keys, in this order.
  const canonical = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type']
    .map((key) => `${key}\n${body[key]}\n`)
    .join('');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signature = createSign('RSA-SHA256').update(canonical).sign(privateKey, 'base64');
  return { ...body, Signature: given['Signature'] ?? signature };
}
