import { sentviaFile, sentviaMessage } from '@postern/contracts';
import { downloadLink } from '../download-link.js';
import type { MessageJson } from '../get-message.js';
import { unlessForbidden } from '../unless-forbidden.js';
import type { V1 } from '../v1.js';
import { labelOf } from './label.js';

/** @param urls  of its attachments by their ids; where there is none, no link is shown. */
export const messageOf = (message: MessageJson, urls: ReadonlyMap<string, string | null> = new Map()) => ({
  ...sentviaMessage(message),
  labels: message.labels.map(labelOf),
  attachments: message.attachments.map((file) => ({ ...sentviaFile(file), url: urls.get(file.id) ?? null })),
});

export type SentviaMessage = ReturnType<typeof messageOf>;

/**
 * The message with a link to each attachment; those of withheld mail need another scope than the message.
 * @param origin  as the front's request has it.
 * @throws Problem a refusal.
 */
export async function messageWithLinks(v1: V1, origin: string, message: MessageJson): Promise<SentviaMessage> {
  const links = await Promise.all(
    message.attachments.map(async ({ id }) => {
      const link = await unlessForbidden(downloadLink(v1, origin, id), null);
      return [id, link?.url ?? null] as const;
    }),
  );
  return messageOf(message, new Map(links));
}
