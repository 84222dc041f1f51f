import { describe, expect, it } from '@jest/globals';
import { judgeLoop, type Standing } from './loop-budget.js';

const LIMITS = { messages: 20, automaticMessages: 5, windowSeconds: 3600, coolDownSeconds: 600 };
const NOW = new Date('2026-11-21T12:00:00.000Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
const judge = (given: Partial<Standing>) =>
  judgeLoop({ used: 0, automatic: false, coolDown: null, ...given }, NOW, LIMITS);

describe('one more message', () => {
  it.each([
    [{ used: 0 }, 20],
    [{ used: 19 }, 20],
    [{ used: 4, automatic: true }, 5],
  ])('may go: %j', (standing, limit) => {
    expect(judge(standing)).toEqual({ isOver: false, limit });
  });

  it.each([
    [{ used: 20 }, 20, false],
    [{ used: 300 }, 20, false],
    [{ used: 5, automatic: true }, 5, true],
  ])('over the limit begins a cool-down: %j', (standing, limit, automatic) => {
    const coolDown = { until: after(600), automatic };
    expect(judge(standing)).toEqual({ isOver: true, limit, coolDown, isNew: true });
  });
});

describe('a cool-down', () => {
  it('refuses until its end, whatever is left of the window, and is no news', () => {
    const coolDown = { until: after(1), automatic: false };
    expect(judge({ coolDown })).toEqual({ isOver: true, limit: 20, coolDown, isNew: false });
    expect(judge({ coolDown, automatic: true })).toMatchObject({ isOver: true, limit: 20, isNew: false });
  });

  it('that is over is as if there had been none', () => {
    expect(judge({ coolDown: { until: NOW, automatic: false } })).toEqual({ isOver: false, limit: 20 });
    expect(judge({ coolDown: { until: after(-1), automatic: true }, automatic: true, used: 5 })).toMatchObject({
      isOver: true,
      isNew: true,
    });
  });

  it('that began with a machine ends when somebody writes by hand', () => {
    const coolDown = { until: after(300), automatic: true };
    expect(judge({ coolDown, automatic: true })).toMatchObject({ isOver: true, limit: 5, isNew: false });
    expect(judge({ coolDown, used: 5 })).toEqual({ isOver: false, limit: 20 });
    expect(judge({ coolDown, used: 20 })).toMatchObject({ isOver: true, limit: 20, isNew: true });
  });
});
