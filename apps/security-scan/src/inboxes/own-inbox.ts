import type { CommandContext } from '@postern/contracts';
import { forbidden, notFound } from '@postern/platform';

/**
 * Whether a key may make a rule for an inbox, or for all (null).
 * @throws AppError `forbidden` when a key that is bound to inboxes means all; `not_found` when it means another one.
 */
export function mustBeOwnInbox({ inboxIds }: Pick<CommandContext, 'inboxIds'>, inboxId: string | null): void {
  if (inboxIds === null) return;
  if (inboxId === null)
    throw forbidden('Use a key that is not bound to inboxes, or name one of its inboxes in inbox_id.');
  if (!inboxIds.includes(inboxId)) throw notFound('inbox');
}
