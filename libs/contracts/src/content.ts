import { z } from 'zod';

/** Content up to this many octets travels inside a fact; larger content by reference. */
export const INLINE_CONTENT_MAX_BYTES = 32 * 1024;

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Names bytes in the content store (under the organization that owns them), or carries them when they are small. */
export const Content = z.object({
  sha256: Sha256,
  sizeBytes: z.int().nonnegative(),
  /** The bytes in base64, present when they are at most {@link INLINE_CONTENT_MAX_BYTES}. */
  inline: z.string().optional(),
});
export type Content = z.infer<typeof Content>;
