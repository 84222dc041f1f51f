import { newId, type Tenant } from '@postern/contracts';
import type { NewCall } from '../store/call-store.js';
import type { LoggedEntry } from '../store/event-store.js';

/** An enabled endpoint, as far as choosing its events goes. Empty filters let everything by. */
export interface Subscriber extends Tenant {
  webhookId: string;
  events: readonly string[];
  inboxIds: readonly string[];
}

type Addressed = Pick<LoggedEntry, 'organizationId' | 'mode' | 'id' | 'type' | 'inboxId' | 'day'>;

/** Whether an endpoint of the same tenant gets an event. */
export function wants(subscriber: Subscriber, event: Addressed): boolean {
  if (subscriber.events.length > 0 && !subscriber.events.includes(event.type)) return false;
  if (subscriber.inboxIds.length === 0) return true;
  return event.inboxId !== null && subscriber.inboxIds.includes(event.inboxId);
}

const keyOf = ({ organizationId, mode }: Tenant): string => `${organizationId}/${mode}`;

/** The first calls for some events, in the events' order. */
export function callsFor(events: readonly Addressed[], subscribers: readonly Subscriber[]): NewCall[] {
  const ofTenant = Map.groupBy(subscribers, keyOf);
  return events.flatMap((event) =>
    (ofTenant.get(keyOf(event)) ?? [])
      .filter((subscriber) => wants(subscriber, event))
      .map(({ webhookId }) => ({
        organizationId: event.organizationId,
        mode: event.mode,
        id: newId('dlv'),
        webhookId,
        eventId: event.id,
        eventType: event.type,
        eventDay: event.day,
      })),
  );
}
