import type { DeliveryStatus } from '@postern/contracts';
import type { MessageJson } from '../get-message.js';
import { wrong } from './refusal.js';

type Labelled = Pick<MessageJson, 'direction' | 'delivery_status' | 'security_status' | 'labels'>;

/** What says that an inbound message was seen; without it the message is `unread`. */
const READ = 'read';
const UNREAD = 'unread';
/** What the guard withholds. There is no class of spam, of trash or of unproven senders beside it. */
export const BLOCKED = 'blocked';

/** Handed over, whatever came of it. */
const SENT: ReadonlySet<DeliveryStatus> = new Set(['sent', 'delayed', 'delivered', 'bounced', 'complained']);
const OUTBOUND = [...SENT, 'scheduled', 'held', 'queued', 'sending', 'rejected', 'failed', 'cancelled'] as const;

/** What each label that nobody sets says of `/v1`, so far as its lists can be asked for it. */
const ASKED_AS: Record<string, Readonly<Record<string, string>>> = {
  received: { direction: 'inbound' },
  [UNREAD]: { direction: 'inbound' },
  [BLOCKED]: { direction: 'inbound', security_status: 'withheld' },
  ...Object.fromEntries(OUTBOUND.map((status) => [status, { delivery_status: status }])),
  sent: { direction: 'outbound' },
};

/** The labels that tell what became of a message; the client's own stand behind them. */
export function labelsOf({ direction, delivery_status, security_status, labels }: Labelled): string[] {
  const ofInbound = () => [
    'received',
    ...(labels.includes(READ) ? [] : [UNREAD]),
    ...(security_status === 'withheld' ? [BLOCKED] : []),
  ];
  const ofOutbound = () => [...(SENT.has(delivery_status) ? ['sent'] : []), delivery_status];
  return [...new Set([...(direction === 'inbound' ? ofInbound() : ofOutbound()), ...labels])];
}

/** The narrowest that lists of `/v1` can be asked for labels; each message is looked at once more. */
export function queryForLabels(labels: readonly string[]): Record<string, string> {
  return Object.assign({}, ...labels.map((label) => ASKED_AS[label] ?? { label })) as Record<string, string>;
}

/** Labels that a client gives. @throws Problem for one that only Postern sets. */
export function ownLabels(labels: readonly string[], path: string): string[] {
  const taken = labels.find((label) => Object.hasOwn(ASKED_AS, label));
  if (taken !== undefined) throw wrong(path, `${taken} tells what became of a message; it cannot be set or removed`);
  return [...labels];
}

/** A change of labels. To take `unread` away is to add `read`, and the other way round. */
export function labelChange(add: readonly string[], remove: readonly string[]) {
  const without = (labels: readonly string[]) => labels.filter((label) => label !== UNREAD);
  const adds = new Set(ownLabels([...without(add), ...(remove.includes(UNREAD) ? [READ] : [])], 'add_labels'));
  const removes = new Set(ownLabels([...without(remove), ...(add.includes(UNREAD) ? [READ] : [])], 'remove_labels'));
  // As documented for threads: what is to be added and removed is removed.
  return { add_labels: [...adds].filter((label) => !removes.has(label)), remove_labels: [...removes] };
}
