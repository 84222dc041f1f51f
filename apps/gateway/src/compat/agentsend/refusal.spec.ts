import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problem.js';
import { refusal } from './refusal.js';

describe('a refusal', () => {
  it('has our code in capitals, our status and our sentence', () => {
    expect(refusal(new Problem(404, 'not_found', 'There is no such inbox.'))).toEqual({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: 'There is no such inbox.' } },
    });
  });

  it('keeps what is known besides', () => {
    const recipients = [{ address: 'ann@example.com', reason: 'suppressed_bounce' }];
    const { status, body } = refusal(new Problem(422, 'recipients_blocked', 'Leave them out.', { recipients }));
    expect([status, body]).toEqual([
      422,
      { error: { code: 'RECIPIENTS_BLOCKED', message: 'Leave them out.', details: { recipients } } },
    ]);
  });

  it('of a wrong request is 400, and its sentence says all that is wrong', () => {
    const issues = [
      { path: 'bodyText', message: 'must be given' },
      { path: 'to[1]', message: 'must be an address' },
    ];
    expect(refusal(new Problem(422, 'validation_error', 'Some fields are wrong.', { issues }))).toEqual({
      status: 400,
      body: {
        error: {
          code: 'VALIDATION_ERROR',
          message: 'bodyText must be given; to[1] must be an address',
          details: { issues },
        },
      },
    });
  });

  it('without fields keeps its sentence', () => {
    expect(refusal(new Problem(422, 'validation_error', 'Some fields are wrong.')).body).toMatchObject({
      error: { message: 'Some fields are wrong.' },
    });
  });
});
