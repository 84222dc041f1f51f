import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { AppError } from './app-error.js';
import * as factories from './factories.js';
import { fromZod } from './from-zod.js';

describe('AppError', () => {
  test('comes back from the wire as it was, without its cause', () => {
    const sent = factories.rateLimited(7, 'Slow down.', { reason: 'loop' });
    const wire: unknown = JSON.parse(
      JSON.stringify(factories.unavailable('Wait.', { cause: new Error('canary') }).toWire()),
    );
    expect(AppError.fromWire(JSON.parse(JSON.stringify(sent.toWire())))).toEqual(sent);
    expect(JSON.stringify(wire)).not.toContain('canary');
  });

  test.each([undefined, null, 'text', {}, { code: 'x', message: 'y', httpStatus: 200, temporary: false }])(
    'takes %j from the wire as an internal error',
    (value) => {
      expect(AppError.fromWire(value)).toMatchObject({ code: 'internal', httpStatus: 500, temporary: false });
    },
  );
});

describe('factories', () => {
  test.each([
    [factories.badRequest('x'), 400, 'bad_request', false],
    [factories.unauthorized(), 401, 'unauthorized', false],
    [factories.creditsExhausted(), 402, 'credits_exhausted', false],
    [factories.forbidden(), 403, 'forbidden', false],
    [factories.levelInsufficient(), 403, 'level_insufficient', false],
    [factories.notFound(), 404, 'not_found', false],
    [factories.conflict('stale_thread', 'x'), 409, 'stale_thread', false],
    [
      factories.conflict('idempotency_in_progress', 'x', { retryAfterSeconds: 1 }),
      409,
      'idempotency_in_progress',
      true,
    ],
    [factories.eventsExpired(), 410, 'events_expired', false],
    [factories.payloadTooLarge(), 413, 'payload_too_large', false],
    [factories.unsupportedMediaType(), 415, 'unsupported_media_type', false],
    [factories.validationError([]), 422, 'validation_error', false],
    [factories.recipientsBlocked([]), 422, 'recipients_blocked', false],
    [factories.rateLimited(1), 429, 'rate_limited', true],
    [factories.internal(), 500, 'internal', false],
    [factories.unavailable(), 503, 'unavailable', true],
  ])('%s', (error, httpStatus, code, temporary) => {
    expect(error).toMatchObject({ httpStatus, code, temporary });
  });
});

describe('fromZod', () => {
  const schema = z.strictObject({
    to: z.array(z.union([z.string().max(5), z.strictObject({ address: z.string().min(3) })])),
    count: z.int().min(1),
  });
  const issuesOf = (value: unknown): unknown =>
    fromZod(schema.safeParse(value).error ?? new z.ZodError([])).details?.['issues'];

  test('names every problem by a path that reads like code', () => {
    expect(issuesOf({ to: ['abc', { address: 'a' }], count: 0, extra: 1 })).toEqual([
      { path: 'to[1].address', message: expect.stringContaining('3') },
      { path: 'count', message: expect.stringContaining('1') },
      { path: 'extra', message: 'is not a known field; remove it' },
    ]);
  });

  test('names the choice itself when no branch fits', () => {
    expect(issuesOf({ to: [7], count: 1 })).toEqual([{ path: 'to[0]', message: expect.any(String) }]);
  });

  test('an empty path is the body', () => {
    expect(issuesOf(null)).toEqual([{ path: '', message: expect.any(String) }]);
  });
});
