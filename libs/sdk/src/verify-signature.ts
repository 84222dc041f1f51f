import { createHmac, timingSafeEqual } from 'node:crypto';
import { MissingHeaderError, SecretError, SignatureError, TimestampError } from './errors.js';

/** The body of the request as it came: text, or its octets. A parsed body cannot be verified. */
export type RawBody = string | Uint8Array;

/** Headers of Node's http, Express and Fastify, or of fetch. Names of a plain object may have any case. */
export type WebhookHeaders =
  Readonly<Record<string, string | readonly string[] | undefined>> | { get(name: string): string | null };

export interface VerifyOptions {
  /** How far `webhook-timestamp` may be from now, either way. Five minutes unless said. */
  toleranceSeconds?: number;
  /** Seconds since 1970; the clock of the machine unless said. */
  nowSeconds?: number;
}

/** As in the libraries of Standard Webhooks. */
const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const VERSION = 'v1,';

/**
 * Checks that a request is from whoever knows the secret, and new. Source: Standard Webhooks, "Verifying signatures".
 * @param secrets  one, or several while they rotate: any of them will do. `whsec_` may be left out.
 * @throws MissingHeaderError, TimestampError, SignatureError; SecretError when a secret is none.
 * @throws TypeError when the body was parsed already.
 */
export function verifySignature(
  payload: RawBody,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  options: VerifyOptions = {},
): void {
  if (typeof payload !== 'string' && !(payload instanceof Uint8Array)) {
    throw new TypeError('Pass the body as it came: a string, a Buffer or a Uint8Array, not what was parsed of it.');
  }
  const keys = (typeof secrets === 'string' ? [secrets] : secrets).map(keyOf);
  if (keys.length === 0) throw new SecretError();
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const given = signaturesOf(headerOf(headers, 'webhook-signature'));
  checkTime(timestamp, options);
  const expected = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.`).update(payload).digest());
  // All are compared, whichever fits, so that the time tells nothing.
  const fits = expected.flatMap((one) => given.map((other) => isSame(one, other)));
  if (!fits.includes(true)) throw new SignatureError();
}

/** @throws MissingHeaderError */
export function headerOf(headers: WebhookHeaders, name: string): string {
  const value =
    typeof headers['get'] === 'function' ? headers.get(name) : ownHeader(headers as Record<string, unknown>, name);
  if (typeof value !== 'string' || value === '') throw new MissingHeaderError(name);
  return value;
}

/** Undefined when it is not there, or there more than once. */
function ownHeader(headers: Readonly<Record<string, unknown>>, name: string): unknown {
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? value : []));
  return values.length === 1 ? values[0] : undefined;
}

function keyOf(secret: string): Buffer {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!BASE64.test(text)) throw new SecretError();
  return Buffer.from(text, 'base64');
}

/** Those of version 1; others are not for this library. */
const signaturesOf = (header: string): Buffer[] =>
  header
    .split(' ')
    .filter((one) => one.startsWith(VERSION))
    .map((one) => Buffer.from(one.slice(VERSION.length), 'base64'));

const isSame = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);

function checkTime(timestamp: string, { toleranceSeconds = TOLERANCE_SECONDS, nowSeconds }: VerifyOptions): void {
  const now = nowSeconds ?? Math.floor(Date.now() / 1000);
  const isTime = /^\d{1,12}$/.test(timestamp);
  if (!isTime || Math.abs(now - Number(timestamp)) > toleranceSeconds) throw new TimestampError();
}
