import { GetInboxRoute, type Inbox } from '@postern/contracts';
import type { z } from 'zod';
import type { FrontRequest } from '../front.js';
import type { V1 } from '../v1.js';
import { orNull } from './or-null.js';

export type InboxJson = z.input<typeof Inbox>;

/** The inbox of a path, which names it by its address; our id and slug are understood, too. */
export const inboxOf = (v1: V1, { params }: Pick<FrontRequest, 'params'>): Promise<InboxJson> =>
  v1.ask(GetInboxRoute, { params: { inbox: params['inbox_id'] ?? '' } });

/** The same for paths that may name an inbox, or concern all of them. */
export const inboxIfNamed = (v1: V1, request: Pick<FrontRequest, 'params'>): Promise<InboxJson | undefined> =>
  request.params['inbox_id'] === undefined ? Promise.resolve(undefined) : inboxOf(v1, request);

/**
 * An inbox is called by its address there, where `/v1` shows its id. Each is asked for once in a request; one that is gone, and
 * only named by a webhook or a key, keeps its id.
 */
export class InboxAddresses {
  private readonly known = new Map<string, Promise<string>>();

  constructor(
    private readonly v1: V1,
    inbox?: InboxJson,
  ) {
    if (inbox !== undefined) this.known.set(inbox.id, Promise.resolve(inbox.address));
  }

  of(id: string): Promise<string> {
    const known = this.known.get(id) ?? this.ask(id);
    this.known.set(id, known);
    return known;
  }

  private async ask(id: string): Promise<string> {
    const inbox = await orNull(this.v1.ask(GetInboxRoute, { params: { inbox: id } }));
    return inbox?.address ?? id;
  }
}
