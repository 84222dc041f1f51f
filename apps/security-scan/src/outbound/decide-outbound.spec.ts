import { describe, expect, it } from '@jest/globals';
import type { OnFlagged, PolicyAction, PolicyHit, SecurityLevel } from '@postern/contracts';
import type { Verdict } from '../verdict/verdict.js';
import { UNJUDGED } from '../tries/unjudged.js';
import { decideOutbound } from './decide-outbound.js';

const verdict = (flagged: boolean): Verdict => ({
  security: { risk_score: flagged ? 60 : 0, summary: 'Why.', detections: [], triggered_policy: null },
  flagged,
  malware: false,
});
const hit = (action: PolicyAction): PolicyHit => ({ policy_id: 'pol_x', type: 'reply_only', action, reason: 'No.' });

const held = { clean: 'held, clean, full_lockdown', flagged: 'held, flagged, full_lockdown' };
const blocked = 'rejected, Blocked by a policy: No.';
const noSending = 'rejected, The security level of the inbox does not allow sending.';

describe('what becomes of an outbound message', () => {
  it.each<[SecurityLevel, OnFlagged, boolean, string]>([
    ['guarded_send', 'hold', false, 'passed, clean'],
    ['guarded_send', 'reject', false, 'passed, clean'],
    ['guarded_send', 'tag', false, 'passed, clean'],
    ['guarded_send', 'hold', true, 'held, flagged, scan'],
    ['guarded_send', 'reject', true, 'rejected, Blocked by the security scan: Why.'],
    ['guarded_send', 'tag', true, 'passed, flagged'],
    ['full_lockdown', 'hold', false, held.clean],
    ['full_lockdown', 'reject', false, held.clean],
    ['full_lockdown', 'tag', false, held.clean],
    ['full_lockdown', 'hold', true, held.flagged],
    ['full_lockdown', 'reject', true, held.flagged],
    ['full_lockdown', 'tag', true, held.flagged],
    ['receive_only', 'tag', false, noSending],
    ['ai_protected', 'tag', true, noSending],
  ])('%s, %s, flagged %s: %s', (securityLevel, onFlagged, flagged, expected) => {
    const outcome = decideOutbound({ securityLevel, onFlagged }, verdict(flagged), { decisive: null, redacts: false });
    expect(Object.values(outcome).join(', ')).toBe(expected);
  });

  it.each<[SecurityLevel, OnFlagged, string]>([
    ['guarded_send', 'hold', 'held, flagged, scan'],
    ['guarded_send', 'reject', 'held, flagged, scan'],
    ['guarded_send', 'tag', 'held, flagged, scan'],
    ['full_lockdown', 'tag', held.flagged],
    ['ai_protected', 'tag', noSending],
  ])('%s, %s, not to be judged: %s', (securityLevel, onFlagged, expected) => {
    const outcome = decideOutbound({ securityLevel, onFlagged }, UNJUDGED, { decisive: null, redacts: false });
    expect(Object.values(outcome).join(', ')).toBe(expected);
  });

  it.each<[SecurityLevel, OnFlagged, boolean, PolicyAction, string]>([
    ['guarded_send', 'hold', false, 'tag', 'passed, flagged'],
    ['guarded_send', 'hold', false, 'hold', 'held, flagged, policy'],
    ['guarded_send', 'hold', false, 'block', blocked],
    ['guarded_send', 'hold', true, 'tag', 'held, flagged, scan'],
    ['guarded_send', 'hold', true, 'hold', 'held, flagged, policy'],
    ['guarded_send', 'tag', true, 'hold', 'held, flagged, policy'],
    ['guarded_send', 'reject', true, 'hold', 'rejected, Blocked by the security scan: Why.'],
    ['guarded_send', 'tag', true, 'block', blocked],
    ['full_lockdown', 'hold', false, 'tag', held.flagged],
    ['full_lockdown', 'hold', false, 'hold', held.flagged],
    ['full_lockdown', 'hold', true, 'block', blocked],
    ['ai_protected', 'tag', false, 'tag', noSending],
  ])('%s, %s, flagged %s, and a policy that says %s: %s', (securityLevel, onFlagged, flagged, action, expected) => {
    const ruling = { decisive: hit(action), redacts: false };
    expect(Object.values(decideOutbound({ securityLevel, onFlagged }, verdict(flagged), ruling)).join(', ')).toBe(
      expected,
    );
  });

  it.each<[SecurityLevel, PolicyAction, string]>([
    ['guarded_send', 'hold', 'redacted'],
    ['full_lockdown', 'tag', 'redacted'],
    ['guarded_send', 'block', blocked],
    ['receive_only', 'tag', noSending],
  ])('%s, with personal data to be taken out and a policy that says %s: %s', (securityLevel, action, expected) => {
    const ruling = { decisive: hit(action), redacts: true };
    const outcome = decideOutbound({ securityLevel, onFlagged: 'reject' }, verdict(true), ruling);
    expect(Object.values(outcome).join(', ')).toBe(expected);
  });
});
