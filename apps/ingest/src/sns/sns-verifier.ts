import { verify } from 'node:crypto';
import type { Certificates } from './certificates.js';
import { SnsMessage, signedText } from './sns-message.js';
import type { TrustedUrls } from './trusted-urls.js';

/** SNS retries for up to an hour; an older message is a replay. */
const AGE_MAX_MS = 3600 * 1000;
/** Clocks differ. */
const AHEAD_MAX_MS = 5 * 60 * 1000;

export interface SnsTrust {
  /** Topics whose messages are taken. Anyone can have a truly signed message from a topic of their own. */
  topicArns: readonly string[];
  /** Signature version 1 is RSA over SHA-1. */
  refuseVersion1: boolean;
}

/** Why a message is refused; stable words for logs and metrics. */
export type Refusal = 'not_signed' | 'topic' | 'age' | 'version' | 'certificate_url' | 'certificate' | 'signature';

export type Verdict = { message: SnsMessage } | { refused: Refusal };

/** Decides whether a posted body is a message of SNS for us. Headers are not signed, so the body alone counts. */
export class SnsVerifier {
  constructor(
    private readonly trust: SnsTrust,
    private readonly urls: TrustedUrls,
    private readonly certificates: Certificates,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @param body  the parsed JSON.
   * @throws AppError `unavailable` when the certificate cannot be had now: SNS sends the message again.
   */
  async verify(body: unknown): Promise<Verdict> {
    const parsed = SnsMessage.safeParse(body);
    if (!parsed.success) return { refused: 'not_signed' };
    const message = parsed.data;
    if (!this.trust.topicArns.includes(message.TopicArn)) return { refused: 'topic' };
    const ageMs = this.now() - Date.parse(message.Timestamp);
    if (ageMs > AGE_MAX_MS || ageMs < -AHEAD_MAX_MS) return { refused: 'age' };
    if (message.SignatureVersion === '1' && this.trust.refuseVersion1) return { refused: 'version' };
    if (!this.urls.isCertificate(message.SigningCertURL, message.TopicArn)) return { refused: 'certificate_url' };
    const key = await this.certificates.keyOf(message.SigningCertURL);
    if (key === null) return { refused: 'certificate' };
    const digest = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
    const signature = Buffer.from(message.Signature, 'base64');
    return verify(digest, Buffer.from(signedText(message)), key, signature) ? { message } : { refused: 'signature' };
  }
}
