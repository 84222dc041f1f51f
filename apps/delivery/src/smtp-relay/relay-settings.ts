import { SettingsError } from '@postern/platform';
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { DeliveryConfig } from '../delivery.settings.js';
import { callTimeoutMs } from '../ses/ses-client.js';

const SUBMISSION_PORT = 587;
/** RFC 8314 §3.3: submission inside TLS. */
const SUBMISSIONS_PORT = 465;
const CONNECT_MS = 3_000;

/** Where the relay is, and how to talk with it. */
export interface Relay {
  connection: SMTPConnectionOptions;
  login: { user: string; pass: string } | null;
  /** The longest time to log in, from there to the content, and from there to the answer, each. */
  stepMs: number;
}

/**
 * Reads `SMTP_RELAY_URL`: `smtp://` upgrades by STARTTLS and refuses to go on without, `smtps://` begins inside TLS.
 * @throws SettingsError when the URL is missing, or would send a password in the clear.
 */
export function relayOf(config: DeliveryConfig): Relay {
  if (config.SMTP_RELAY_URL === undefined) {
    throw new SettingsError(['SMTP_RELAY_URL: set it, or set DELIVERY_PROVIDER to ses']);
  }
  const url = new URL(config.SMTP_RELAY_URL);
  const secure = url.protocol === 'smtps:';
  const plain = config.SMTP_RELAY_PLAINTEXT;
  const login =
    url.username === '' ? null : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  if (login !== null && plain && !secure) {
    throw new SettingsError(['SMTP_RELAY_PLAINTEXT: set it to false; a password is not sent in the clear']);
  }
  const timeoutMs = callTimeoutMs(config.DELIVERY_LEASE_SECONDS);
  return {
    login,
    stepMs: timeoutMs,
    connection: {
      host: url.hostname,
      port: url.port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(url.port),
      name: config.POSTERN_DOMAIN,
      secure,
      requireTLS: !secure && !plain,
      ignoreTLS: plain,
      connectionTimeout: Math.min(CONNECT_MS, timeoutMs),
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    },
  };
}
