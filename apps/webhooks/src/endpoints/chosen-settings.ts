import type { CommandContext, UpdateWebhookBody } from '@postern/contracts';
import type { EndpointSettings } from '../store/endpoint-store.js';
import { ownInboxes } from './own-inboxes.js';

type Choice = Omit<EndpointSettings, 'url'>;

const UNCHOSEN: Choice = { events: [], inbox_ids: [], headers: {}, description: null, format: 'standard' };

/**
 * The settings that a request leads to: what it leaves out stays, null is what an endpoint has without a choice.
 * @param now  null for a new endpoint.
 * @throws AppError 403 when the key may not use the inboxes.
 */
export function chosenSettings(
  context: CommandContext,
  asked: Pick<UpdateWebhookBody, keyof Choice>,
  now: Choice | null,
): Choice {
  const kept = now ?? UNCHOSEN;
  return {
    events: [...new Set(choose(asked.events, kept.events, UNCHOSEN.events))],
    inbox_ids:
      now !== null && asked.inbox_ids === undefined ? now.inbox_ids : ownInboxes(context, asked.inbox_ids ?? []),
    headers: choose(asked.headers, kept.headers, UNCHOSEN.headers),
    description: choose(asked.description, kept.description, UNCHOSEN.description),
    format: choose(asked.format, kept.format, UNCHOSEN.format),
  };
}

const choose = <T>(asked: T | null | undefined, kept: T, unchosen: T): T =>
  asked === undefined ? kept : (asked ?? unchosen);
