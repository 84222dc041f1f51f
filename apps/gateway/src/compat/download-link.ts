import { GetAttachmentContentRoute } from '@postern/contracts';
import { endOfLink } from '../attachments/signed-links.js';
import type { V1 } from './v1.js';

/**
 * A link that downloads an attachment without a key, for whoever has it.
 * @param origin  as the front's request has it.
 * @returns `expiresAt` in UTC; the link does not end before it.
 * @throws Problem a refusal.
 */
export async function downloadLink(v1: V1, origin: string, id: string): Promise<{ url: string; expiresAt: string }> {
  const ends = endOfLink();
  const path = await v1.linkTo(GetAttachmentContentRoute, { params: { id } });
  return { url: `${origin}${path}`, expiresAt: new Date(ends * 1000).toISOString() };
}
