import { describe, expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { skeletonCheck } from './skeleton.check.js';

describe('the skeleton', () => {
  it('finds its mark in any channel', () => {
    const mail = outboundMail({ text: 'a postern-skeleton-mark', html: '<!-- Postern-Skeleton-Mark -->' });
    expect(skeletonCheck.run(mail).map(({ detail }) => detail)).toEqual([
      'The mark of the skeleton stands in text.',
      'The mark of the skeleton stands in html comments.',
    ]);
  });

  it('lets harmless mail pass', () => {
    expect(skeletonCheck.run(outboundMail({ text: 'Hello', html: '<p>Hello</p>' }))).toEqual([]);
  });
});
