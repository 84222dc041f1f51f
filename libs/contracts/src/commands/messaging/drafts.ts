import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { CreateDraftBody, Draft, ListDraftsQuery, UpdateDraftBody } from '../../http/draft.js';
import { Message } from '../../http/message.js';
import { pageOf } from '../../http/page.js';
import { sendTerms } from './send.js';

/** An inbox by id, slug or full address. */
const inbox = z.string();
const id = z.string();
// Up to 15 MiB to read and store.
const HEAVY = { heavy: true };

export const CreateDraft = defineCommand(
  'messaging.create_draft',
  z.object({ inbox, body: CreateDraftBody }),
  Draft,
  HEAVY,
);
export const ListDrafts = defineCommand(
  'messaging.list_drafts',
  z.object({ inbox, query: ListDraftsQuery }),
  pageOf(Draft),
  HEAVY,
);
export const GetDraft = defineCommand('messaging.get_draft', z.object({ id }), Draft, HEAVY);
export const UpdateDraft = defineCommand(
  'messaging.update_draft',
  z.object({ id, body: UpdateDraftBody }),
  Draft,
  HEAVY,
);
export const DeleteDraft = defineCommand('messaging.delete_draft', z.object({ id }), z.object({}));
/** The ordinary send of what the draft says; the draft is gone in the moment in which the message is accepted. */
export const SendDraft = defineCommand('messaging.send_draft', z.object({ id, ...sendTerms }), Message, HEAVY);
