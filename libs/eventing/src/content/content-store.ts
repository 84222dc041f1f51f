import { createHash } from 'node:crypto';
import { INLINE_CONTENT_MAX_BYTES, type Content } from '@postern/contracts';

/**
 * Immutable bytes under organization and SHA-256. Putting the same bytes twice is one blob. Durable when `put` returns.
 */
export interface ContentStore {
  put(organizationId: string, sha256: string, bytes: Uint8Array): Promise<void>;
  /** @returns null when there is no such blob. */
  get(organizationId: string, sha256: string): Promise<Buffer | null>;
  delete(organizationId: string, sha256: string): Promise<void>;
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Stores bytes and names them, without carrying them. */
export async function keep(store: ContentStore, organizationId: string, bytes: Uint8Array): Promise<Content> {
  const hash = sha256(bytes);
  await store.put(organizationId, hash, bytes);
  return { sha256: hash, sizeBytes: bytes.byteLength };
}

/** Content for a fact: small bytes travel inside it, larger ones are stored first. */
export async function carry(store: ContentStore, organizationId: string, bytes: Uint8Array): Promise<Content> {
  if (bytes.byteLength > INLINE_CONTENT_MAX_BYTES) return keep(store, organizationId, bytes);
  return { sha256: sha256(bytes), sizeBytes: bytes.byteLength, inline: Buffer.from(bytes).toString('base64') };
}

/**
 * The bytes of a fact's content.
 * @throws Error when the store lost them, or has others under that name: the fact then waits and is tried again.
 */
export async function load(store: ContentStore, organizationId: string, content: Content): Promise<Buffer> {
  if (content.inline !== undefined) return Buffer.from(content.inline, 'base64');
  const bytes = await store.get(organizationId, content.sha256);
  if (bytes === null) throw new Error(`content ${content.sha256} is not in the store`);
  if (bytes.byteLength !== content.sizeBytes) throw new Error(`content ${content.sha256} has the wrong size`);
  return bytes;
}
