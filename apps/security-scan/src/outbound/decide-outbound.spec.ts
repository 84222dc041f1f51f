import { describe, expect, it } from '@jest/globals';
import type { OnFlagged, SecurityLevel } from '@postern/contracts';
import type { Verdict } from '../verdict/verdict.js';
import { decideOutbound } from './decide-outbound.js';

const verdict = (flagged: boolean): Verdict => ({
  security: { risk_score: flagged ? 60 : 0, summary: 'Why.', detections: [], triggered_policy: null },
  flagged,
  malware: false,
});

const held = { clean: 'held, clean, full_lockdown', flagged: 'held, flagged, full_lockdown' };

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
    ['receive_only', 'tag', false, 'rejected, The security level of the inbox does not allow sending.'],
    ['ai_protected', 'tag', true, 'rejected, The security level of the inbox does not allow sending.'],
  ])('%s, %s, flagged %s: %s', (securityLevel, onFlagged, flagged, expected) => {
    expect(Object.values(decideOutbound({ securityLevel, onFlagged }, verdict(flagged))).join(', ')).toBe(expected);
  });
});
