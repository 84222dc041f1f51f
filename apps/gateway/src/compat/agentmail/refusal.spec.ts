import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type ErrorCode } from '@postern/contracts';
import { Problem } from '../problem.js';
import { refusal, wrong } from './refusal.js';

const codeOf = (code: string): unknown => (refusal(new Problem(400, code, 'No.')).body as { code: string }).code;

describe(refusal, () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('has words for %s', (code) => {
    const details = code === 'recipients_blocked' ? { recipients: [] } : {};
    const { status, body } = refusal(new Problem(ERROR_CODES[code].status, code, 'No.', details));
    expect(status).toBeLessThanOrEqual(503);
    expect(body).toMatchObject({ name: expect.stringMatching(/Error$/), code: expect.any(String) });
    expect((body as { code: string }).code).not.toBe('internal_error');
  });

  it('tells all that is wrong with a request', () => {
    expect(refusal(wrong('to', 'must be an address'))).toMatchObject({
      status: 400,
      body: { name: 'ValidationError', errors: [{ path: 'to', message: 'must be an address' }] },
    });
  });

  it('names those who may not be written to', () => {
    const details = { recipients: [{ address: 'a@example.com', reason: 'block_list' }] };
    const { status, body } = refusal(new Problem(422, 'recipients_blocked', 'Not sent.', details));
    expect([status, (body as { message: string }).message]).toEqual([403, 'Not sent. a@example.com: block_list.']);
  });

  it('tells a missing permission from what else is forbidden', () => {
    expect(codeOf('forbidden')).toBe('forbidden');
    const { body } = refusal(new Problem(403, 'forbidden', 'No.', { scope: 'inboxes:write' }));
    expect(body).toMatchObject({ code: 'missing_permission', name: 'ForbiddenError' });
  });

  it('takes what it does not know for a failure of ours', () => {
    expect([codeOf('internal'), codeOf('toString')]).toEqual(['internal_error', 'internal_error']);
  });
});
