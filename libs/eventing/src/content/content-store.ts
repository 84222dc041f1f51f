import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { INLINE_CONTENT_MAX_BYTES, type Content } from '@postern/contracts';

/** Content that lies in the store. */
export interface StoredContent {
  organizationId: string;
  sha256: string;
  /** When it was last put, written or renewed. */
  renewedAt: Date;
}

/** Content that is read as it comes. */
export interface OpenedContent {
  sizeBytes: number;
  /** The reader reads it to its end, or destroys it. */
  stream: Readable;
}

/**
 * Immutable bytes under organization and SHA-256. The same bytes twice are one blob. Durable when `put` or `write` returns.
 *
 * Who is going to name content in a row or a fact puts, writes or renews it first: each of these is a lease against
 * {@link ContentStore.collect}, which takes what nobody names and nobody renewed for a day.
 */
export interface ContentStore {
  put(organizationId: string, sha256: string, bytes: Uint8Array): Promise<void>;
  /**
   * Stores bytes as they come, in constant memory; their name is known at their end. What the source throws is thrown, and
   * nothing is stored.
   */
  write(organizationId: string, source: AsyncIterable<Uint8Array>): Promise<Content>;
  /** @returns null when there is no such blob. */
  get(organizationId: string, sha256: string): Promise<Buffer | null>;
  /** @returns null when there is no such blob. */
  open(organizationId: string, sha256: string): Promise<OpenedContent | null>;
  /** Renews the lease. @returns false when there is no such blob. */
  renew(organizationId: string, sha256: string): Promise<boolean>;
  delete(organizationId: string, sha256: string): Promise<void>;
  /** Everything there is, in no order. What is put meanwhile may be missing. */
  list(): AsyncIterable<StoredContent>;
  /**
   * Deletes a blob that was not renewed since, however many put, renew or collect it at the same time: a lease that was
   * granted before the deletion saves it.
   * @returns whether it was deleted.
   */
  collect(organizationId: string, sha256: string, notRenewedSince: Date): Promise<boolean>;
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
