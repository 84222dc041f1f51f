import { MessagePattern, Transport } from '@nestjs/microservices';
import {
  CommandContext,
  type CommandDefinition,
  type CommandInput,
  type CommandOutput,
  type CommandReply,
} from '@postern/contracts';
import {
  AppError,
  childTraceparent,
  fromZod,
  internal,
  LOGGER,
  runInContext,
  wideLine,
  type Logger,
} from '@postern/platform';
import { z, ZodError } from 'zod';
import { Inject } from '@nestjs/common';

/** Marks an answer that an idempotency key gave instead of the work. */
export class Replay<T> {
  constructor(readonly value: T) {}
}

/** The value of an answer, however it came about. */
export const valueOf = <T>(answer: T | Replay<T>): T => (answer instanceof Replay ? answer.value : answer);

type Handler<C extends CommandDefinition> = (
  context: CommandContext,
  input: CommandInput<C>,
) => Promise<CommandOutput<C> | Replay<CommandOutput<C>>>;

const Question = z.object({ context: CommandContext, input: z.unknown() });

/**
 * Marks a method as the answer to a command: `(context, input) => output`. The input is checked against the contract,
 * one wide line is written, and what is thrown becomes the error of the reply.
 */
export function Answers<C extends CommandDefinition>(command: C) {
  return <T extends Handler<C>>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>): void => {
    Inject(LOGGER)(target, 'commandLogger');
    const handle = descriptor.value as Handler<C>;
    const answer = async function (this: { commandLogger: Logger }, question: unknown): Promise<CommandReply<unknown>> {
      try {
        const { context, input } = Question.parse(question);
        const work = {
          requestId: context.requestId,
          traceparent: childTraceparent(context.traceparent),
          organizationId: context.organizationId,
          mode: context.mode,
        };
        const value = await runInContext(work, () =>
          wideLine(this.commandLogger, command.name, () =>
            handle.call(this, context, command.input.parse(input) as CommandInput<C>),
          ),
        );
        return { ok: true, value: valueOf(value), replayed: value instanceof Replay };
      } catch (error) {
        return { ok: false, error: toAppError(error).toWire() };
      }
    };
    Object.defineProperty(answer, 'name', { value: key });
    descriptor.value = answer as unknown as T;
    MessagePattern(`command.${command.name}`, Transport.NATS)(target, key, descriptor);
  };
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return error instanceof ZodError ? fromZod(error) : internal(error);
}
