import { expect, test } from '@jest/globals';
import { InFlight } from './in-flight.js';

const call = (organizationId: string, webhookId: string, isFailing = false) => ({
  organizationId,
  webhookId,
  isFailing,
});

test('counts endpoints, and the healthy and failing ones of each organization apart', () => {
  const inFlight = new InFlight();
  const calls = [call('org_1', 'whk_1'), call('org_1', 'whk_1'), call('org_1', 'whk_2', true), call('org_2', 'whk_3')];
  for (const one of calls) inFlight.enter(one);
  expect(inFlight.total).toBe(4);
  expect(inFlight.busy()).toEqual({
    endpoints: new Map([
      ['whk_1', 2],
      ['whk_2', 1],
      ['whk_3', 1],
    ]),
    tenants: [
      { organizationId: 'org_1', isFailing: false, calls: 2 },
      { organizationId: 'org_2', isFailing: false, calls: 1 },
      { organizationId: 'org_1', isFailing: true, calls: 1 },
    ],
    failing: 1,
  });
  for (const one of calls) inFlight.leave(one);
  expect(inFlight.busy()).toEqual({ endpoints: new Map(), tenants: [], failing: 0 });
});

test('tells when nothing is under way', async () => {
  const inFlight = new InFlight();
  await inFlight.ended();
  inFlight.enter(call('org_1', 'whk_1'));
  let ended = false;
  const end = inFlight.ended().then(() => (ended = true));
  expect(ended).toBe(false);
  inFlight.leave(call('org_1', 'whk_1'));
  await end;
  expect(ended).toBe(true);
});
