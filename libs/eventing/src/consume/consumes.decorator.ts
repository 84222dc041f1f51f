import { applyDecorators, UseFilters, type RpcExceptionFilter, Catch } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import { CONSUMERS, type ConsumedBy, type ConsumerName } from '../jetstream/consumers.js';
import type { Batch } from './batch.js';

/** Keeps these handlers off Nest's own NATS server, which would subscribe to the same subjects without durability. */
export const JETSTREAM = Symbol('jetstream');

/** Nest would turn an error into its text; the strategy needs the error itself to decide whose fault it was. */
@Catch()
class KeepError implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

type BatchHandler<C extends ConsumerName> = (batch: Batch<ConsumedBy<C>>) => Promise<void>;

/**
 * Marks a method as the handler of a durable consumer. It gets batches; their facts are acknowledged after it
 * returned, so after its commit. It may be called again with facts of an earlier batch.
 */
export function Consumes<C extends ConsumerName>(consumer: C) {
  const subjects = CONSUMERS[consumer].map((event) => event.type);
  return <T extends BatchHandler<C>>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>): void => {
    applyDecorators(EventPattern(subjects, JETSTREAM, { consumer }), UseFilters(new KeepError()))(
      target,
      key,
      descriptor as PropertyDescriptor,
    );
  };
}
