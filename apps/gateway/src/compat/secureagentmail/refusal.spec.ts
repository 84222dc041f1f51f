import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problem.js';
import { refusal } from './refusal.js';

describe('a refusal', () => {
  it.each([
    [401, 'unauthorized'],
    [402, 'credits_exhausted'],
    [403, 'level_insufficient'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'inbox_paused'],
    [422, 'validation_error'],
    [429, 'rate_limited'],
    // No words of that system, and nothing that a changed request would mend.
    [409, 'idempotency_in_progress'],
    [500, 'internal'],
    [503, 'unavailable'],
  ])('%d %s stays what it is', (status, code) => {
    const error = { code, message: 'Do this.', status };
    expect(refusal(new Problem(status, code, 'Do this.'))).toEqual({ status, body: { error } });
  });

  it.each([
    [400, 'bad_request'],
    [409, 'address_taken'],
    [409, 'approval_outdated'],
    [409, 'invalid_state'],
    [413, 'payload_too_large'],
    [415, 'unsupported_media_type'],
    [422, 'recipients_blocked'],
  ])('%d %s, which that system does not know, says that the request is wrong', (status, code) => {
    const reply = refusal(new Problem(status, code, 'Do this.'));
    expect(reply).toEqual({
      status: 422,
      body: { error: { code: 'validation_error', message: 'Do this.', status: 422 } },
    });
  });

  it('names every field in its sentence, and keeps the details', () => {
    const issues = [
      { path: 'to', message: 'must be given' },
      { path: 'cc', message: 'is not a known field; remove it' },
    ];
    const { body } = refusal(new Problem(422, 'validation_error', 'See details.', { issues }));
    const message = 'to: must be given; cc: is not a known field; remove it';
    expect(body).toEqual({ error: { code: 'validation_error', message, status: 422, details: { issues } } });
  });
});
