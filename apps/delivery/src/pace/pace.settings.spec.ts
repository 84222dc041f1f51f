import { expect, test } from '@jest/globals';
import { newId } from '@postern/contracts';
import { loadSettings } from '@postern/platform';
import { paceSettings } from './pace.settings.js';

test('weights name organizations and whole shares', () => {
  const [one, other] = [newId('org'), newId('org')];
  const { DELIVERY_WEIGHTS: weights } = loadSettings(paceSettings, { DELIVERY_WEIGHTS: ` ${one}=4, ${other}=100,` });
  expect([...weights]).toEqual([
    [one, 4],
    [other, 100],
  ]);
  expect(loadSettings(paceSettings, {}).DELIVERY_WEIGHTS.size).toBe(0);
});

test.each(['4', 'org_1=4', `${newId('org')}=1`, `${newId('org')}=101`, `${newId('org')}=2.5`, `${newId('msg')}=4`])(
  '%s is no weight',
  (text) => {
    expect(() => loadSettings(paceSettings, { DELIVERY_WEIGHTS: text })).toThrow('DELIVERY_WEIGHTS');
  },
);
