import { describe, expect, it } from '@jest/globals';
import { type ListBook, type ListRule, listRuling, patternsOf, refusedRecipients } from './list-ruling.js';

/** `inbox allow send example.com`, with `aligned` at the end where the sender must be proven. */
function bookOf(entries: readonly string[]): ListBook {
  const rules = entries.map((entry): ListRule => {
    const [scope, kind, direction, pattern, aligned] = entry.split(' ') as [
      'inbox' | 'all',
      ListRule['kind'],
      ListRule['direction'],
      string,
      string | undefined,
    ];
    return { ofInbox: scope === 'inbox', kind, direction, pattern, requireAligned: aligned !== undefined };
  });
  return { rules, allowOnly: rules.filter(({ kind }) => kind === 'allow') };
}

const ANN = 'ann@mail.example.com';

describe('a ruling about ann@mail.example.com', () => {
  it.each<[string, string[], string | null]>([
    ['without entries', [], null],
    // Blocked by what fits.
    ['her address', [`all block send ${ANN}`], 'block_list'],
    ['her domain', ['all block send mail.example.com'], 'block_list'],
    ['a wildcard above it', ['all block send *.example.com'], 'block_list'],
    ['a wildcard far above it', ['all block send *.com'], 'block_list'],
    // Not by what only looks like it.
    ['a wildcard below her domain', ['all block send *.mail.example.com'], null],
    ['the domain above hers', ['all block send example.com'], null],
    ['a name that ends the same', ['all block send ple.com'], null],
    ['another direction', ['all block receive mail.example.com', 'all block reply mail.example.com'], null],
    // Allow entries shut out everybody else.
    ['an allow entry for her', ['all allow send *.example.com'], null],
    ['an allow entry for others', ['all allow send other.example'], 'not_allowed'],
    ['an allow entry of another direction', ['all allow receive other.example'], null],
    // The narrowest pattern decides.
    ['address over domain', [`all allow send ${ANN}`, 'all block send mail.example.com'], null],
    ['domain over wildcard', ['all block send mail.example.com', 'all allow send *.example.com'], 'block_list'],
    ['longer over shorter wildcard', ['all allow send *.example.com', 'all block send *.com'], null],
    // The inbox decides before its organization, whatever the patterns.
    ['an inbox that allows', [`all block send ${ANN}`, 'inbox allow send *.com'], null],
    ['an inbox that blocks', [`all allow send ${ANN}`, 'inbox block send *.com'], 'block_list'],
    ['an inbox that is for others', [`all allow send ${ANN}`, 'inbox allow send other.example'], 'not_allowed'],
    ['an inbox that blocks others', [`all block send ${ANN}`, 'inbox block send other.example'], 'block_list'],
    [
      'an inbox that blocks others, of a closed organization',
      ['all allow send x.example', 'inbox block send y.example'],
      'not_allowed',
    ],
  ])('%s', (_case, entries, expected) => {
    expect(listRuling(bookOf(entries), ANN, ['send'])).toBe(expected);
    expect(listRuling(bookOf(entries.toReversed()), 'ANN@Mail.Example.COM', ['send'])).toBe(expected);
  });
});

describe('an allow entry that requires a proven sender', () => {
  const book = bookOf([`all allow receive ${ANN} aligned`]);

  it('lets a proven one in, nobody else, and shuts out others all the same', () => {
    expect(listRuling(book, ANN, ['receive'], true)).toBeNull();
    expect(listRuling(book, ANN, ['receive'], false)).toBe('not_allowed');
    expect(listRuling(book, 'bob@example.com', ['receive'], true)).toBe('not_allowed');
  });

  it('leaves the decision about others to wider entries', () => {
    const wider = bookOf([`all allow receive ${ANN} aligned`, 'all allow receive mail.example.com']);
    expect(listRuling(wider, ANN, ['receive'], false)).toBeNull();
  });
});

describe('recipients of an answer', () => {
  const answers = { messageId: 'msg_x' as never, addresses: [ANN] };
  const to = (entries: string[]) =>
    refusedRecipients(bookOf(entries), [ANN, 'bob@example.com'], answers).map(
      ({ address, reason }) => `${address} ${reason}`,
    );

  it.each<[string, string[], string[]]>([
    ['send entries hold where there are none for replies', ['all block send mail.example.com'], [`${ANN} block_list`]],
    [
      'reply entries let writers have an answer',
      ['all allow send x.example', 'all allow reply mail.example.com'],
      ['bob@example.com not_allowed'],
    ],
    [
      'reply entries refuse writers only',
      ['all block reply mail.example.com', 'all block reply example.com'],
      [`${ANN} block_list`],
    ],
    ['a reply list for others refuses writers', ['all allow reply x.example'], [`${ANN} not_allowed`]],
    [
      'blocking others for replies opens nothing',
      ['all allow send example.com', 'all block reply x.example'],
      [`${ANN} not_allowed`],
    ],
    [
      'the inbox comes first',
      ['inbox block send mail.example.com', 'all allow reply mail.example.com'],
      [`${ANN} block_list`],
    ],
  ])('%s', (_case, entries, refused) => {
    expect(to(entries)).toEqual(refused);
  });
});

describe('what is no address', () => {
  it.each(['', '@example.com', 'example.com', `${'a'.repeat(300)}@example.com`])(
    '%j fits nothing, and no allow entry',
    (text) => {
      expect(patternsOf(text)).toEqual([]);
      expect(listRuling(bookOf(['all block receive example.com']), text, ['receive'])).toBeNull();
      expect(listRuling(bookOf(['all allow receive example.com']), text, ['receive'])).toBe('not_allowed');
    },
  );

  it('has one spelling', () => {
    expect(patternsOf('Ann@BÜCHER.example')).toEqual([
      'ann@xn--bcher-kva.example',
      'xn--bcher-kva.example',
      '*.example',
    ]);
  });
});
