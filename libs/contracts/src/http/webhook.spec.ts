import { describe, expect, test } from '@jest/globals';
import { CreateWebhookBody } from './webhook.js';

const problemsOf = (headers: Record<string, string>): string[] =>
  CreateWebhookBody.safeParse({ url: 'https://example.com/', headers }).error?.issues.map(
    (issue) => ('issues' in issue ? issue.issues[0]?.message : undefined) ?? issue.message,
  ) ?? [];

describe('headers of an endpoint', () => {
  test('are the tenant’s own, credentials too', () => {
    expect(problemsOf({ Authorization: 'Bearer x', 'X-Team': 'mail', cookie: 'a=b' })).toEqual([]);
  });

  test.each([
    'webhook-id',
    'Webhook-Signature',
    'WEBHOOK-TIMESTAMP',
    'webhook-anything',
    'Svix-Id',
    'X-SAM-Signature',
    'x-agentsend-event',
    'x-sentvia-signature',
    'Content-Type',
    'content-length',
    'Content-Encoding',
    'Host',
    'User-Agent',
    'traceparent',
    'Connection',
    'Transfer-Encoding',
    'keep-alive',
    'Upgrade',
    'TE',
    'trailer',
    'Expect',
    'Proxy-Authorization',
  ])('are not %s', (name) => expect(problemsOf({ [name]: 'x' })).toEqual(['is set by Postern itself']));

  test.each(['', 'a b', 'ä', 'a:b', 'a\r\nb', 'a'.repeat(101)])('have no name such as %j', (name) =>
    expect(problemsOf({ [name]: 'x' })[0]).toBe('must be a header name'),
  );

  test.each(['a\r\nb: c', 'a\nb', 'a\0', 'ä'])('have no value such as %j', (value) =>
    expect(problemsOf({ 'x-a': value })).toEqual(['must be one line of visible ASCII']),
  );

  test('are twenty at most', () => {
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, '']));
    expect(problemsOf(headers(20))).toEqual([]);
    expect(problemsOf(headers(21))).toEqual(['must have at most 20 headers']);
  });

  test('are each named once, whatever their case', () => {
    expect(problemsOf({ 'X-A': '1', 'x-a': '2' })).toEqual(['must name each header once']);
  });
});
