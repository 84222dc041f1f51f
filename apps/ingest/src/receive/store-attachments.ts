import type { InboundMail } from '@postern/contracts';
import { detectMediaType, keep, type ContentStore } from '@postern/eventing';
import type { ParsedAttachment } from '../mail/parse-job.js';

/**
 * A mail may have a thousand, each waits for the disk or for S3: one after the other, 300 small ones took three to five times as
 * long as eight at a time.
 */
const AT_ONCE = 8;

/** Stores the attachments of a mail. @returns what the mail says of each, in the order of the mail. */
export async function storeAttachments(
  store: ContentStore,
  organizationId: string,
  attachments: readonly ParsedAttachment[],
): Promise<InboundMail['attachments']> {
  const stored: InboundMail['attachments'] = [];
  const waiting = attachments.entries();
  const storeWaiting = async (): Promise<void> => {
    for (const [index, { bytes, ...file }] of waiting) {
      const content = await keep(store, organizationId, bytes);
      stored[index] = { ...file, detectedContentType: await detectMediaType(bytes), content };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, storeWaiting));
  return stored;
}
