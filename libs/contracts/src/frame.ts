import { z } from 'zod';
import { EventId } from './ids.js';
import { Tenant } from './tenant.js';

/** The frame around every fact on the bus. */
export const Frame = Tenant.extend({
  id: EventId,
  type: z.string(),
  occurredAt: z.iso.datetime(),
  /** The request that started it all: the HTTP request id, or the id of the mail or notification that came in. */
  correlationId: z.string(),
  /** The fact that led to this one, null at the start of a chain. */
  causationId: z.string().nullable(),
  /** W3C trace context. */
  traceparent: z.string(),
});
export type Frame = z.infer<typeof Frame>;

export type Producer = 'messaging' | 'scan' | 'delivery' | 'ingest' | 'webhooks';

/** A kind of fact: its type is also its subject. One file and one version each; a breaking change is a new file. */
export interface EventDefinition<D extends z.ZodType = z.ZodType, T extends string = string> {
  readonly type: T;
  readonly producer: Producer;
  readonly summary: string;
  readonly data: D;
}

/** A fact as handlers get it: its frame and its checked data. */
export type Fact<E extends EventDefinition = EventDefinition> = E extends EventDefinition
  ? Frame & { type: E['type']; data: z.infer<E['data']> }
  : never;

/**
 * Declares a fact.
 * @param type  `<producer>.<thing>.<past tense>.v<N>`
 * @throws when the type's first word is not the producer, because the bus routes and authorizes by it.
 */
export function defineEvent<D extends z.ZodType, const T extends string>(
  type: T,
  producer: Producer,
  summary: string,
  data: D,
): EventDefinition<D, T> {
  if (!new RegExp(`^${producer}(\\.[a-z_]+){2}\\.v[1-9]$`).test(type)) {
    throw new Error(`${type}: an event type reads ${producer}.<thing>.<what happened>.v<N>`);
  }
  return { type, producer, summary, data };
}
