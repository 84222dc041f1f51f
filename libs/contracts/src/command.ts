import { z } from 'zod';
import { KeyId } from './ids.js';
import { Tenant } from './tenant.js';

/** Same key and same body: the first reply again. The row is committed with what it protects. */
export const Idempotency = z.object({
  /** Header `Idempotency-Key`, or `client_id` of a send. */
  key: z.string().min(1).max(300),
  /** Method and path; with organization and mode it makes the key unique. */
  scope: z.string(),
  /** SHA-256 of the canonical JSON of the body, hex. */
  bodyHash: z.string(),
});
export type Idempotency = z.infer<typeof Idempotency>;

/** Who asks, in every command and query. */
export const CommandContext = Tenant.extend({
  keyId: KeyId.nullable(),
  /** Null: every inbox of the tenant. */
  inboxIds: z.array(z.string()).nullable(),
  requestId: z.string(),
  traceparent: z.string(),
  idempotency: Idempotency.nullable(),
});
export type CommandContext = z.infer<typeof CommandContext>;

/** A question or order to one service, answered within a time limit (NATS request and reply). */
export interface CommandDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** `<service>.<verb>_<noun>`; the subject is `command.` and this. */
  readonly name: string;
  readonly input: I;
  readonly output: O;
  /** The answer, or the question, may weigh megabytes, or others are asked meanwhile: it is given more time. */
  readonly heavy: boolean;
}
export type CommandInput<C extends CommandDefinition> = z.infer<C['input']>;
export type CommandOutput<C extends CommandDefinition> = z.infer<C['output']>;

export function defineCommand<I extends z.ZodType, O extends z.ZodType>(
  name: string,
  input: I,
  output: O,
  { heavy = false } = {},
): CommandDefinition<I, O> {
  return { name, input, output, heavy };
}

/** The error of a command on the wire; the gateway renders it as the HTTP error. */
export const CommandError = z.object({
  code: z.string(),
  message: z.string(),
  httpStatus: z.int(),
  temporary: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryAfterSeconds: z.int().optional(),
});

/** What comes back: the output, or the error; `replayed` when an idempotency key answered instead of the work. */
export type CommandReply<O> =
  { ok: true; value: O; replayed: boolean } | { ok: false; error: z.infer<typeof CommandError> };
