import { finding, type Check } from '../check.js';

/** Says what was too large to be looked at whole: nothing passes unscanned without a word. */
export const cutContentCheck: Check = {
  name: 'truncated',
  direction: 'both',
  run: (mail) =>
    mail.cut.map((channel) =>
      finding(
        'truncated',
        'suspicious',
        0.6,
        `Only the first part of ${channel} was scanned, because it is too large.`,
      ),
    ),
};
