import { describe, expect, it } from '@jest/globals';
import { withheldByList, withoutRefused } from './apply-lists.js';

const security = { risk_score: 12, summary: 'Nothing was found.', detections: [], triggered_policy: null };
const passed = { kind: 'passed', securityStatus: 'clean' } as const;
const held = { kind: 'held', securityStatus: 'clean', reason: 'full_lockdown' } as const;
const ann = { address: 'ann@example.com', reason: 'not_allowed' } as const;
const bob = { address: 'bob@example.com', reason: 'block_list' } as const;

describe(withoutRefused, () => {
  it('changes nothing when nobody is refused', () => {
    const ruled = { outcome: passed, security };
    expect(withoutRefused(ruled, 2, [])).toEqual({ ...ruled, refused: [] });
  });

  it.each([passed, held])('leaves out some of %j, and says how many', (outcome) => {
    expect(withoutRefused({ outcome, security }, 2, [bob])).toEqual({
      outcome,
      refused: [bob],
      security: {
        ...security,
        detections: [
          { method: 'list', result: 'block_list', detail: 'Lists refuse 1 of 2 recipients.', confidence: 1 },
        ],
      },
    });
  });

  it.each([passed, held])('rejects %j when nobody is left', (outcome) => {
    expect(withoutRefused({ outcome, security }, 2, [ann, bob])).toMatchObject({
      outcome: { kind: 'rejected', reason: 'not_allowed' },
      refused: [ann, bob],
      security: { risk_score: 12, summary: 'Lists refuse every recipient.' },
    });
  });

  it('leaves a rejection as it is', () => {
    const ruled = { outcome: { kind: 'rejected', reason: 'Why.' } as const, security };
    expect(withoutRefused(ruled, 1, [ann])).toEqual({ ...ruled, refused: [] });
  });
});

it('a withheld mail says why, before what else was found', () => {
  const found = { ...security, detections: [{ method: 'x', result: 'y', detail: 'z', confidence: 0.5 }] };
  expect(withheldByList(found, 'not_allowed')).toMatchObject({
    summary: 'Only senders on a list are let in.',
    detections: [{ method: 'list', result: 'not_allowed' }, { method: 'x' }],
  });
});
