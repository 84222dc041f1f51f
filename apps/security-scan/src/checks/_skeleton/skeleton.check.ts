import { textChannels, type ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';

/** Copy this folder to begin a check; docs/how-to/add-a-detector.md has the steps. */
const METHOD = 'skeleton';

/** Why this pattern and no other: name the source or the measurement. Bounded, so that its time grows with the text only. */
const MARK = /\bpostern-skeleton-mark\b/i;

/** Looks for … (one sentence: what, and who is harmed by it). */
export const skeletonCheck: Check = {
  name: METHOD,
  direction: 'both',
  run: (mail: ScannedMail): Finding[] =>
    textChannels(mail)
      .filter((channel) => MARK.test(channel.text))
      .map((channel) => finding(METHOD, 'suspicious', 0.5, `The mark of the skeleton stands in ${channel.name}.`)),
};
