import { expect, it } from '@jest/globals';
import { UNJUDGED } from '../tries/unjudged.js';
import { decideInbound } from './decide-inbound.js';

const security = { risk_score: 0, summary: '', detections: [], triggered_policy: null };

it('is withheld when nobody could judge it', () => {
  expect(decideInbound(UNJUDGED, null)).toBe('withheld');
});

it.each([
  ['clean', false, false, null],
  ['flagged', true, false, null],
  ['withheld', true, true, null],
  ['withheld', false, false, 'broken boundary'],
] as const)('is %s when flagged %s, malware %s, parse error %s', (status, flagged, malware, parseError) => {
  expect(decideInbound({ security, flagged, malware }, parseError)).toBe(status);
});
