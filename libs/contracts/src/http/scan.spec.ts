import { describe, expect, it } from '@jest/globals';
import { ScanBody } from './scan.js';

const given = { direction: 'inbound', text: 'Hi' };
const problemsOf = (people: object): string[] | undefined =>
  ScanBody.safeParse({ ...given, ...people }).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

describe('a mail to be scanned', () => {
  it('names people as a send does: a list, or one alone', () => {
    const ann = { address: 'ann@example.com', name: 'Ann' };
    expect(ScanBody.parse({ ...given, to: 'Ann <ann@example.com>', cc: ann, reply_to: [] })).toEqual({
      ...given,
      to: [ann],
      cc: [ann],
      reply_to: [],
    });
  });

  it('names up to 100 in each header', () => {
    const people = (count: number) => Array.from({ length: count }, (_, n) => `p${n}@example.com`);
    expect(problemsOf({ to: people(100), cc: people(100) })).toBeUndefined();
    expect(problemsOf({ to: people(101), cc: 'nobody' })).toEqual([
      'to must name at most 100 addresses',
      'cc.0 must be an email address such as ann@example.com',
    ]);
  });
});
