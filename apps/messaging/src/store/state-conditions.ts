import { DeliveryStatus, type Message, SecurityStatus } from '@postern/contracts';
import type { Where } from './where.js';

/** What is asked of the state of a message. What is undefined may be anything. */
export interface StateWish {
  direction: Message['direction'] | undefined;
  delivery: DeliveryStatus | undefined;
  security: SecurityStatus | undefined;
  hasAttachments: boolean | undefined;
  /** Leaves out what the guard withholds. */
  hidesWithheld: boolean;
}

/** The values that a message may have in each column of the index. */
export interface StateValues {
  delivery: DeliveryStatus[];
  security: SecurityStatus[];
  hasAttachments: boolean[];
}

/** Inbound mail has a status of its own, so that the direction is one of its status. */
const RECEIVED: DeliveryStatus = 'received';

export function stateValues({ direction, delivery, security, hasAttachments, hidesWithheld }: StateWish): StateValues {
  return {
    delivery: DeliveryStatus.options.filter(
      (status) =>
        (delivery === undefined || status === delivery) &&
        (direction === undefined || (status === RECEIVED) === (direction === 'inbound')),
    ),
    security: SecurityStatus.options.filter(
      (status) => (security === undefined || status === security) && !(hidesWithheld && status === 'withheld'),
    ),
    hasAttachments: hasAttachments === undefined ? [false, true] : [hasAttachments],
  };
}

/** Conditions on `s`, the state; none when any state will do. */
export function stateConditions(wish: StateWish, where: Where): string[] {
  const { delivery, security, hasAttachments } = stateValues(wish);
  return [
    ...(delivery.length < DeliveryStatus.options.length ? [`s.delivery_status = ANY(${where.param(delivery)})`] : []),
    ...(security.length < SecurityStatus.options.length ? [`s.security_status = ANY(${where.param(security)})`] : []),
    ...(hasAttachments.length === 1 ? [`s.has_attachments = ${where.param(hasAttachments[0])}`] : []),
  ];
}
