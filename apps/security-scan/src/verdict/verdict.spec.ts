import { describe, expect, it } from '@jest/globals';
import { Security } from '@postern/contracts';
import { finding, type Check, type Finding } from '../checks/check.js';
import { outboundMail } from '../normalise/scanned-mail.fake.js';
import { FLAGGED_FROM, judge, riskScore } from './verdict.js';

const finds = (name: string, findings: Finding[], direction: Check['direction'] = 'both'): Check => ({
  name,
  direction,
  run: () => findings,
});
const mail = outboundMail({});

describe('the risk score', () => {
  it.each([
    ['nothing', [], 0],
    ['one sure suspicion', [finding('a', 'suspicious', 1, '')], 60],
    ['one that is right every second time', [finding('a', 'suspicious', 0.5, '')], FLAGGED_FROM],
    ['sure malice', [finding('a', 'malicious', 1, '')], 95],
    ['small oddities together', [0.3, 0.3, 0.3].map((confidence) => finding('a', 'suspicious', confidence, '')), 45],
  ])('of %s', (_, findings, score) => {
    expect(riskScore(findings)).toBe(score);
  });

  it('never falls with another finding, and stays within 0 and 100', () => {
    const findings: Finding[] = [];
    let last = 0;
    for (let step = 0; step < 60; step += 1) {
      findings.push(finding('a', step % 7 === 0 ? 'malicious' : 'suspicious', (step % 10) / 10, ''));
      expect(riskScore(findings)).toBeGreaterThanOrEqual(last);
      last = riskScore(findings);
    }
    expect(last).toBeLessThanOrEqual(100);
  });
});

describe('a verdict', () => {
  it('of a clean mail says so', () => {
    expect(judge(mail, [])).toEqual({
      security: { risk_score: 0, summary: 'Nothing was found.', detections: [], triggered_policy: null },
      flagged: false,
      malware: false,
    });
  });

  it('puts the strongest finding first and in the summary', () => {
    const { security, flagged } = judge(mail, [
      finds('a', [finding('a', 'suspicious', 0.2, 'Small.')]),
      finds('b', [finding('b', 'suspicious', 0.9, 'Large.')]),
    ]);
    expect(security.summary).toBe('Large, and 1 more.');
    expect(security.detections.map(({ method }) => method)).toEqual(['b', 'a']);
    expect(Security.parse(security)).toEqual(security);
    expect(flagged).toBe(true);
  });

  it('tells what is too little to act upon', () => {
    const { flagged, security } = judge(mail, [finds('a', [finding('a', 'suspicious', 0.3, 'Odd.')])]);
    expect(flagged).toBe(false);
    expect(security.detections).toHaveLength(1);
  });

  it('asks only checks of its direction', () => {
    const sure = [finding('a', 'malicious', 1, 'x')];
    expect(judge(mail, [finds('a', sure, 'inbound')]).flagged).toBe(false);
    expect(judge({ ...mail, direction: 'inbound' }, [finds('a', sure, 'inbound')]).flagged).toBe(true);
  });

  it('is none when a check fails: nothing passes unjudged', () => {
    const broken: Check = {
      name: 'broken',
      direction: 'both',
      run: () => {
        throw new Error('bug');
      },
    };
    expect(() => judge(mail, [broken])).toThrow('bug');
  });

  it('lists no more than a reader can take, and is the same each time', () => {
    const many = finds(
      'a',
      Array.from({ length: 200 }, (_, n) => finding('a', 'suspicious', 0.1, `n${n}`)),
    );
    expect(judge(mail, [many]).security.detections).toHaveLength(50);
    expect(judge(mail, [many])).toEqual(judge(mail, [many]));
  });
});
