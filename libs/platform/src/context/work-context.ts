import { AsyncLocalStorage } from 'node:async_hooks';

/** What a unit of work (a request, a fact being handled, a turn of a poller) is about; its log line carries these ids. */
export interface WorkContext {
  requestId: string;
  /** W3C Trace Context header value of this hop. */
  traceparent: string;
  organizationId?: string;
  mode?: 'live' | 'test';
  messageId?: string;
  eventId?: string;
  inboxId?: string;
  attempt?: number;
}

const storage = new AsyncLocalStorage<WorkContext | undefined>();

/** Runs a unit of work; all it starts sees the context, also across awaits. */
export const runInContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);

/** Runs something that belongs to no single unit of work, such as a batch of several. */
export const runOutsideContext = <T>(work: () => T): T => storage.run(undefined, work);

/** The context of the running unit of work, or undefined outside of one. */
export const currentContext = (): WorkContext | undefined => storage.getStore();

/** Adds what became known on the way, such as the organization after the key was checked. No effect outside a unit of work. */
export function addToContext(known: Partial<WorkContext>): void {
  const context = storage.getStore();
  if (context) Object.assign(context, known);
}
