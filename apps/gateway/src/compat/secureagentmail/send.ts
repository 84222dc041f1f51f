import { GetApprovalRoute, secureAgentMailMessage, SendMessageRoute } from '@postern/contracts';
import { z } from 'zod';
import { WAIT_MAX_SECONDS } from '../../wait/prefer.js';
import { inFieldsOf } from '../field-names.js';
import type { FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';

const SendBody = z.strictObject({ to: z.string(), subject: z.string().optional(), body: z.string() });

/** 201 when it goes out; 202 when it does not, or not yet: `approval` is there when a person decides. */
const answer: FrontRoute['answer'] = async ({ params: { slug = '' }, body }, v1) => {
  const { body: text, ...rest } = SendBody.parse(body);
  const sending = v1.ask(SendMessageRoute, {
    params: { inbox: slug },
    body: { ...rest, text },
    waitSeconds: WAIT_MAX_SECONDS,
  });
  const message = await inFieldsOf([[/^text$/, 'body']], sending);
  const shown = secureAgentMailMessage(message);
  if (shown.status !== 'withheld') return { status: 201, body: shown };
  return { status: 202, body: { ...shown, approval: await approvalOf(v1, message) } };
};

/** With the time at which it expires, unless that cannot be had now: an accepted message must not look refused, and be sent again. */
async function approvalOf(v1: V1, { approval }: MessageJson): Promise<object | null> {
  if (approval === null) return null;
  try {
    const { id, status, expires_at } = await v1.ask(GetApprovalRoute, { params: { id: approval.id } });
    return { id, status, expires_at };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...approval, expires_at: null };
  }
}

/** Its documents name two paths. */
export const sendRoutes: readonly FrontRoute[] = (['/inboxes/{slug}/messages', '/inboxes/{slug}/send'] as const).map(
  (path) => ({ method: 'POST', path, answer }),
);
