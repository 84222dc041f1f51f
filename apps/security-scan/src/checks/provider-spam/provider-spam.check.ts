import { finding, type Check } from '../check.js';

/** Just enough to flag a mail by itself: the provider sees more mail than we do, and is wrong at times. */
const CONFIDENCE = 0.5;

/** Tells what the provider that took a mail in takes for spam. */
export const providerSpamCheck: Check = {
  name: 'spam',
  direction: 'inbound',
  run: ({ providerScan }) =>
    providerScan?.spam === 'fail'
      ? [finding('spam', 'suspicious', CONFIDENCE, 'Amazon SES takes the mail for spam.')]
      : [],
};
