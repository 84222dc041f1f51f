import { createHash, randomBytes } from 'node:crypto';
import type { Mode } from '@postern/contracts';

/** 256 bits: nobody guesses it, so a single fast hash is enough to store it by. */
const SECRET_BYTES = 32;
/** Characters of the secret part that a key's `key_prefix` shows, so that a person can tell keys apart. */
const SHOWN_CHARS = 6;
/** 32 octets in base64url are 43 characters, without padding. */
const KEY = /^pn_(live|test)_[A-Za-z0-9_-]{43}$/;

export interface KeySecret {
  /** Shown once, never stored. */
  secret: string;
  /** What may be shown of it for ever. */
  prefix: string;
  hash: Buffer;
}

/** Makes the secret of a new key. */
export function newKeySecret(mode: Mode): KeySecret {
  const head = `pn_${mode}_`;
  const secret = head + randomBytes(SECRET_BYTES).toString('base64url');
  return { secret, prefix: secret.slice(0, head.length + SHOWN_CHARS), hash: hashOf(secret) };
}

/** Tells whether a text has the form of a key; what has not need not be looked up. */
export const looksLikeKey = (text: string): boolean => KEY.test(text);

/** SHA-256 of the whole key, the form in which it is stored and found. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
