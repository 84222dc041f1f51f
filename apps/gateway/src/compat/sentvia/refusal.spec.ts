import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problem.js';
import { refusal } from './refusal.js';

describe('a refusal', () => {
  it.each([
    ['unauthorized', 401, 'unauthorized'],
    ['not_found', 404, 'not_found'],
    ['address_taken', 409, 'address_taken'],
    ['inbox_paused', 409, 'inbox_paused'],
    ['payload_too_large', 413, 'attachment_too_large'],
    ['rate_limited', 429, 'rate_limited'],
  ])('of %s is %d %s with its sentence', (code, status, error) => {
    expect(refusal(new Problem(status, code, 'Do this.'))).toEqual({ status, body: { error, message: 'Do this.' } });
  });

  it('of fields is 400, and names them as the client did', () => {
    const issues = [
      ['slug', 'local_part'],
      ['send_at', 'scheduled_at'],
      ['q', 'query'],
      ['add_labels[0]', 'name'],
      ['attachments[2].content', 'attachments[2].content_base64'],
      ['attachments[2].content_type', 'attachments[2].content_type'],
      ['to[0]', 'to[0]'],
    ];
    const problem = new Problem(422, 'validation_error', 'See details.', {
      issues: issues.map(([path]) => ({ path, message: 'must be right' })),
    });
    expect(refusal(problem)).toEqual({
      status: 400,
      body: {
        error: 'bad_request',
        message: 'Correct the fields in issues and send it again.',
        issues: issues.map(([, path]) => ({ path, message: 'must be right' })),
      },
    });
  });

  it('of recipients lists the blocked addresses', () => {
    const recipients = [{ address: 'ann@example.com', reason: 'suppressed_bounce' }];
    expect(refusal(new Problem(422, 'recipients_blocked', 'No.', { recipients })).body).toEqual({
      error: 'no_deliverable_recipients',
      message: 'No.',
      blocked: ['ann@example.com'],
      recipients,
    });
  });

  it('for want of credits says that an upgrade would help', () => {
    expect(refusal(new Problem(402, 'credits_exhausted', 'No.')).body).toEqual({
      error: 'credits_exhausted',
      message: 'No.',
      upgrade: true,
    });
  });
});
