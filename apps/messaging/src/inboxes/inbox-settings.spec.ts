import { expect, test } from '@jest/globals';
import { settingsOf, settingsToChange } from './inbox-settings.js';

test('a new inbox has defaults for what is absent or null', () => {
  const defaults = settingsOf({});
  expect(defaults).toEqual({
    display_name: null,
    security_level: 'guarded_send',
    on_flagged: 'hold',
    undo_seconds: 0,
    daily_send_limit: null,
    approvals_required: 1,
    approval_ttl_seconds: null,
    metadata: {},
  });
  const nulls = {
    display_name: null,
    security_level: null,
    on_flagged: null,
    undo_seconds: null,
    daily_send_limit: null,
    approvals_required: null,
    approval_ttl_seconds: null,
    metadata: null,
  };
  expect(settingsOf(nulls)).toEqual(defaults);
  expect(settingsToChange(nulls)).toEqual(defaults);
});

test('a change says only what the body says', () => {
  expect(settingsToChange({})).toEqual({});
  expect(settingsToChange({ undo_seconds: 30, daily_send_limit: 0 })).toEqual({
    undo_seconds: 30,
    daily_send_limit: 0,
  });
});
