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

  it('of a wrong request is 400, and says all that is wrong in its own words', () => {
    const issues = [
      { path: 'text', message: 'must be given' },
      { path: 'thread_id', message: 'must be an id' },
      { path: 'attachments.0.id', message: 'is unknown' },
      { path: 'to.1', message: 'must be an address' },
    ];
    const { status, body } = refusal(new Problem(422, 'validation_error', 'Some fields are wrong.', { issues }));
    expect(status).toBe(400);
    expect(body).toEqual({
      error: {
        code: 'VALIDATION_ERROR',
        message:
          'bodyText must be given; threadId must be an id; attachmentIds.0.id is unknown; to.1 must be an address',
        details: {
          issues: [
            { path: 'bodyText', message: 'must be given' },
            { path: 'threadId', message: 'must be an id' },
            { path: 'attachmentIds.0.id', message: 'is unknown' },
            { path: 'to.1', message: 'must be an address' },
          ],
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
