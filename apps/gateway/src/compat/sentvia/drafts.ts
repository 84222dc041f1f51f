import {
  CreateDraftRoute,
  type Draft,
  GetDraftRoute,
  ListDraftsRoute,
  ListInboxesRoute,
  SendDraftRoute,
  UpdateDraftRoute,
} from '@postern/contracts';
import { z } from 'zod';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { getMessage } from '../get-message.js';
import { firstEntries } from '../pages.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';
import { BLOCKED, sent, WAIT_SECONDS } from './sends.js';

/** `/v1` lists drafts by inbox: with more inboxes than this a caller has to name one. */
const INBOXES_MAX = 50;

const said = {
  to: z.array(z.string()).nullish(),
  subject: z.string().nullish(),
  text: z.string().nullish(),
  html: z.string().nullish(),
  reply_to_message_id: z.string().nullish(),
  scheduled_at: z.string().nullish(),
};
const CreateDraft = z.strictObject({ inbox_id: z.string(), ...said });
/** Its reference wants `inbox_id` here, too; a draft stays in its inbox. */
const UpdateDraft = z.strictObject({ inbox_id: z.string().optional(), ...said });
const ListDrafts = z.strictObject({ inbox_id: z.string().optional() });

type Said = Omit<z.output<typeof UpdateDraft>, 'inbox_id'>;

const draftOf = ({ id, inbox_id, to, subject, text, html, send_at, created_at }: z.input<typeof Draft>) => ({
  id,
  inbox_id,
  to: to.map(({ address }) => address),
  subject,
  text,
  html,
  // Nothing leaves before it is sent: a time alone does not send a draft.
  status: 'draft',
  scheduled_at: send_at,
  created_at,
});

/** Absent leaves, null clears. @throws Problem `not_found` for a message that it cannot answer. */
async function fieldsOf(v1: V1, { reply_to_message_id: answers, scheduled_at: send_at, ...content }: Said) {
  return { ...content, send_at, ...(answers !== undefined && (await threading(v1, answers))) };
}

async function threading(v1: V1, id: string | null) {
  if (id === null) return { thread_id: null, in_reply_to: null, references: null };
  const { thread_id, message_id_header: in_reply_to, references } = await getMessage(v1, id);
  return in_reply_to === null ? { thread_id } : { thread_id, in_reply_to, references: [...references, in_reply_to] };
}

/** What is null says no more than what is absent when a draft is made. */
const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [K in keyof T]: Exclude<T[K], null>;
  };

/** @throws Problem when all are asked for and there are too many. */
async function inboxesOf(v1: V1, named: string | undefined): Promise<string[]> {
  if (named !== undefined) return [named];
  const inboxes = await firstEntries(v1, ListInboxesRoute, INBOXES_MAX + 1);
  if (inboxes.length <= INBOXES_MAX) return inboxes.map(({ id }) => id);
  throw new Problem(400, 'bad_request', `Name an inbox_id: drafts of more than ${INBOXES_MAX} inboxes are not listed.`);
}

/** @throws Problem when the draft is in another inbox. */
async function mustStayIn(v1: V1, id: string, inboxId: string): Promise<void> {
  if ((await v1.ask(GetDraftRoute, { params: { id } })).inbox_id === inboxId) return;
  throw new Problem(400, 'not_offered', 'Name the inbox_id that the draft has: make another draft for another inbox.');
}

export const draftRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/drafts',
    async answer(request, v1) {
      const { inbox_id: inbox, ...content } = CreateDraft.parse(request.body ?? {});
      const body = given({ ...(await fieldsOf(v1, content)), ...BLOCKED });
      return { status: 201, body: draftOf(await v1.ask(CreateDraftRoute, { params: { inbox }, body })) };
    },
  },
  {
    method: 'GET',
    path: '/drafts',
    async answer({ query }, v1) {
      const inboxes = await inboxesOf(v1, ListDrafts.parse(query).inbox_id);
      const lists = await Promise.all(inboxes.map((inbox) => everyEntry(v1, ListDraftsRoute, { params: { inbox } })));
      const drafts = lists.flatMap(({ entries }) => entries);
      return { status: 200, body: drafts.toSorted((a, b) => b.created_at.localeCompare(a.created_at)).map(draftOf) };
    },
  },
  {
    method: 'PATCH',
    path: '/drafts/{id}',
    async answer({ params, body }, v1) {
      const { inbox_id: inboxId, ...content } = UpdateDraft.parse(body ?? {});
      const id = params['id'] ?? '';
      if (inboxId !== undefined) await mustStayIn(v1, id, inboxId);
      const changed = await v1.ask(UpdateDraftRoute, { params: { id }, body: await fieldsOf(v1, content) });
      return { status: 200, body: draftOf(changed) };
    },
  },
  {
    method: 'POST',
    path: '/drafts/{id}/send',
    async answer({ params }, v1) {
      const message = await v1.ask(SendDraftRoute, {
        params: { id: params['id'] ?? '' },
        waitSeconds: WAIT_SECONDS,
      });
      return sent(message, v1);
    },
  },
];
