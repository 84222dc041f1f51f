import { describe, expect, it } from '@jest/globals';
import { RecipientStatus } from '@postern/contracts';
import { nextStatus, type RecipientFact } from './recipient-machine.js';

const FACTS: RecipientFact[] = [
  'sent',
  'delivered',
  'bounced',
  'complained',
  'delayed',
  'rejected',
  'failed',
  'suppressed',
];

/** Every order of some facts. */
function orders<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const after = (facts: RecipientFact[]): RecipientStatus =>
  facts.reduce<RecipientStatus>((status, fact) => {
    const next = nextStatus(status, fact);
    return 'to' in next ? next.to : status;
  }, 'queued');

describe(nextStatus, () => {
  it('has an answer for every status and fact', () => {
    for (const status of RecipientStatus.options) {
      for (const fact of FACTS) {
        const next = nextStatus(status, fact);
        expect('to' in next ? RecipientStatus.options.includes(next.to) : next.ignored.length > 0).toBe(true);
      }
    }
  });

  it('does nothing when a fact comes twice', () => {
    for (const status of RecipientStatus.options) {
      for (const fact of FACTS) {
        const next = nextStatus(status, fact);
        if ('to' in next) expect(nextStatus(next.to, fact)).toHaveProperty('ignored');
      }
    }
  });

  it.each([
    [['sent', 'delivered'], 'delivered'],
    [['sent', 'delayed', 'delivered'], 'delivered'],
    [['sent', 'delivered', 'bounced'], 'bounced'],
    [['sent', 'delivered', 'complained'], 'complained'],
    [['sent', 'delivered', 'bounced', 'complained'], 'complained'],
  ] as [RecipientFact[], RecipientStatus][])('ends the same in every order of %j', (facts, end) => {
    for (const order of orders(facts)) expect(after(order)).toBe(end);
  });

  it.each(FACTS)('never leaves complained by %s', (fact) => {
    expect(nextStatus('complained', fact)).toHaveProperty('ignored');
  });

  it('believes SES more than our own guess that sending failed', () => {
    expect(after(['failed', 'sent'])).toBe('sent');
    expect(after(['failed', 'delivered'])).toBe('delivered');
  });

  it('does not believe a failure after SES took the message', () => {
    expect(after(['sent', 'failed'])).toBe('sent');
    expect(after(['delivered', 'suppressed'])).toBe('delivered');
  });
});
