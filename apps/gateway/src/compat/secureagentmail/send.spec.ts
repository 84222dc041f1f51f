import { describe, expect, it } from '@jest/globals';
import { GetApprovalRoute, type RouteDefinition } from '@postern/contracts';
import type { FrontRequest } from '../front.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';
import { sendRoutes } from './send.js';

const HELD = {
  from: { address: 'a@b.example', name: null },
  to: [],
  security_status: 'clean',
  delivery_status: 'held',
};
const approval = { id: 'apr_1', status: 'pending' };

/** Sends with a /v1 that accepts this message. @param known  what it answers about the approval. */
async function send(message: object, known: () => object) {
  const ask = async (route: RouteDefinition) => (route === GetApprovalRoute ? known() : message);
  const request = { params: { slug: 'support' }, body: { to: 'ann@example.com', body: 'Hi' } };
  return sendRoutes[0]?.answer(request as unknown as FrontRequest, { ask } as unknown as V1);
}

const never = (): object => {
  throw new Error('nobody should ask');
};

describe('a send', () => {
  it.each([
    [201, { ...HELD, delivery_status: 'queued', approval: null }],
    [201, { ...HELD, delivery_status: 'sent', security_status: 'flagged', approval: null }],
    [202, { ...HELD, delivery_status: 'queued', security_status: 'pending', approval: null }],
    [202, { ...HELD, delivery_status: 'rejected', security_status: 'blocked', approval: null }],
  ])('is answered %d for %j', async (status, message) => expect((await send(message, never))?.status).toBe(status));

  it('that waits for a person tells until when', async () => {
    const reply = await send({ ...HELD, approval }, () => ({ ...approval, expires_at: 'tomorrow', version: 1 }));
    expect(reply).toMatchObject({ status: 202, body: { approval: { ...approval, expires_at: 'tomorrow' } } });
  });

  it.each([
    [403, 'forbidden'],
    [429, 'rate_limited'],
    [503, 'unavailable'],
  ])('was accepted, even when its approval cannot be read: %d %s', async (status, code) => {
    const reply = await send({ ...HELD, approval }, () => {
      throw new Problem(status, code, 'No.');
    });
    expect(reply).toMatchObject({ status: 202, body: { approval: { ...approval, expires_at: null } } });
  });
});
