import { createHash } from 'node:crypto';
import { generate } from 'selfsigned';

/** The RSA key that signs notifications, with its certificate. */
export interface SigningKey {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** Path of the certificate, in the form AWS uses: `/SimpleNotificationService-<32 hex>.pem`. */
  readonly certificatePath: string;
}

const VALID_YEARS = 10;

/** Makes a 2048-bit key (the size AWS uses) and a self-signed certificate for it. */
export const createSigningKey = async (): Promise<SigningKey> => {
  const notBeforeDate = new Date();
  const notAfterDate = new Date(notBeforeDate);
  notAfterDate.setUTCFullYear(notAfterDate.getUTCFullYear() + VALID_YEARS);
  const pair = await generate([{ name: 'commonName', value: 'sns.aws-sandbox.test' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate,
  });
  const digest = createHash('sha256').update(pair.cert).digest('hex').slice(0, 32);
  return {
    privateKeyPem: pair.private,
    certificatePem: pair.cert,
    certificatePath: `/SimpleNotificationService-${digest}.pem`,
  };
};
