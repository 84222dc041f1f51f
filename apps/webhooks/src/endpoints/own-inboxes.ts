import { type CommandContext, InboxId } from '@postern/contracts';
import { forbidden } from '@postern/platform';
import { z } from 'zod';

/**
 * The inboxes that an endpoint made by this key may hear of. A key that is limited to inboxes makes endpoints limited to
 * them: without a choice to all of its own.
 * @throws AppError 403 when it chose others.
 */
export function ownInboxes(context: CommandContext, chosen: readonly string[]): InboxId[] {
  const own = context.inboxIds;
  const wanted = own !== null && chosen.length === 0 ? own : chosen;
  if (own !== null && !wanted.every((id) => own.includes(id))) {
    throw forbidden('Use a key that may use all inboxes of inbox_ids, or leave the others out.');
  }
  return z.array(InboxId).parse([...new Set(wanted)]);
}
