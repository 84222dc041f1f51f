import { type Draft, GetDraftRoute } from '@postern/contracts';
import type { z } from 'zod';
import type { FrontRequest } from '../front.js';
import type { V1 } from '../v1.js';
import { InboxAddresses, inboxIfNamed } from './inbox-of.js';
import { absent } from './refusal.js';

export type DraftJson = z.input<typeof Draft>;

/** The draft of a path, in the inbox of the path if it names one. @throws Problem `not_found` */
export async function findDraft(
  v1: V1,
  request: FrontRequest,
): Promise<{ draft: DraftJson; addresses: InboxAddresses }> {
  const inbox = await inboxIfNamed(v1, request);
  const draft = await v1.ask(GetDraftRoute, { params: { id: request.params['draft_id'] ?? '' } });
  if (inbox !== undefined && draft.inbox_id !== inbox.id) throw absent();
  return { draft, addresses: new InboxAddresses(v1, inbox) };
}
