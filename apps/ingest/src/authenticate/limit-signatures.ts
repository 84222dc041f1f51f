import { readHeaderBlock } from '../mail/header-block.js';

/**
 * RFC 6376 §6.1 lets a verifier stop after some signatures: each may ask for a lookup, and for a hash of its own over the
 * whole body. Honest mail has one to three.
 */
const SIGNATURES_MAX = 5;
const SIGNATURE = 'dkim-signature';

/** The mail with its first signatures only; as it came when it has no more. */
export function limitSignatures(raw: Buffer): Buffer {
  const header = readHeaderBlock(raw);
  let seen = 0;
  const kept = header.fields.filter(({ name }) => name !== SIGNATURE || ++seen <= SIGNATURES_MAX);
  if (kept.length === header.fields.length) return raw;
  const fields = kept.map((field) => `${field.raw}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${fields}\r\n`), raw.subarray(header.bodyOffset)]);
}
