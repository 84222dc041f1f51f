import { describe, expect, it } from '@jest/globals';
import { type Figure, latencyFigures, ratioFigures } from './figure.js';
import { table } from './table.js';

const rate = (name: string, value: number): Figure => ({ name, label: name, value, unit: '/s' });

describe('ratios', () => {
  it('stand beside the baseline of the same run', () => {
    const ratios = ratioFigures([rate('baseline.rate', 4000), rate('accept.rate', 3000)]);
    expect(ratios).toMatchObject([{ name: 'accept.per_commit', value: 0.75, unit: 'x' }]);
  });

  it('are absent without a baseline', () => {
    expect(ratioFigures([rate('accept.rate', 3000)])).toEqual([]);
  });
});

describe('the table', () => {
  it('groups figures by phase and lines up the numbers', () => {
    const figures = [rate('accept.rate', 12_345.6), ...latencyFigures('accept.http', 'answer', [1, 2, 31.26])];
    expect(table(figures).split('\n')).toEqual([
      'accept       accept.rate     12,346 /s',
      '             answer p50           2 ms',
      '             answer p99        31.3 ms',
    ]);
  });

  it('says what could not be measured', () => {
    expect(table([rate('receive.rate', Number.NaN)])).toContain('-');
  });
});
