import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problem.js';
import { refusal } from './refusal.js';

const ID = 'req_1';
const told = (status: number, code: string, message: string, details = {}) =>
  refusal(new Problem(status, code, message, details), ID);

describe('a refusal of Sendook', () => {
  it('is found by readers of its documents and of its code', () => {
    expect(told(404, 'not_found', 'Inbox not found')).toEqual({
      status: 404,
      body: { error: 'Inbox not found', message: 'Inbox not found', code: 'not_found', details: { requestId: ID } },
    });
  });

  it('of a wrong request is 400 and names each field as this system does', () => {
    const issues = [
      { path: 'attachments[0].filename', message: 'must be one line' },
      { path: 'to[1]', message: 'must be one email address' },
      { path: '', message: 'must be an object' },
    ];
    const { status, body } = told(422, 'validation_error', 'Correct the fields.', { issues });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: 'attachments[0].name must be one line; to[1] must be one email address; must be an object',
      errors: [
        { type: 'field', path: 'attachments[0].name', msg: 'attachments[0].name must be one line' },
        { path: 'to[1]' },
        { path: '', msg: 'must be an object' },
      ],
      details: { requestId: ID },
    });
    expect(told(422, 'validation_error', 'Correct the fields.').body).toMatchObject({ error: 'Correct the fields.' });
  });

  it.each([
    [401, 'unauthorized', {}, 401, 'Authentication token is invalid or expired.'],
    [402, 'credits_exhausted', {}, 429, /^Usage limit reached\./],
    [429, 'rate_limited', { reason: 'rate' }, 429, 'Too many requests, please try again later.'],
    [429, 'rate_limited', { reason: 'daily_send_limit' }, 429, 'Message limit reached'],
    [429, 'rate_limited', { reason: 'loop' }, 429, 'Too many requests, please try again later.'],
    [409, 'inbox_paused', {}, 409, 'as /v1 says it'],
  ])('of %d %s %j is %d in its words', (status, code, details, itsStatus, message) => {
    const reply = told(status, code, 'as /v1 says it', details);
    expect(reply.status).toBe(itsStatus);
    expect((reply.body as { message: string }).message).toMatch(message);
  });

  it('keeps what /v1 tells besides', () => {
    const recipients = [{ address: 'a@b.example', reason: 'suppressed_bounce' }];
    expect(told(422, 'recipients_blocked', 'x', { recipients })).toMatchObject({
      status: 422,
      body: { code: 'recipients_blocked', details: { recipients, requestId: ID } },
    });
  });
});
