import type { PolicyConfigs } from '@postern/contracts';
import { textChannels, type Channel, type ScannedMail } from '../../normalise/scanned-mail.js';
import type { Effort } from '../patterns/effort.js';
import { given } from '../policy.js';
import { readPattern, stretchesOf, type Pattern } from '../patterns/pattern.js';

/**
 * The form in which words are compared: one Unicode form for what looks the same (NFKC), no case, nothing invisible, one
 * space for any white space.
 */
const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/\s+/g, ' ');

/** Everything that a mail says, ready to be searched for many words. */
export class MailWords {
  private asWritten: readonly Channel[] | undefined;
  private inOneForm: readonly Channel[] | undefined;

  constructor(private readonly mail: ScannedMail | null) {}

  get channels(): readonly Channel[] {
    return (this.asWritten ??= textChannels(given(this.mail)));
  }

  /** It was too large to be looked at whole. */
  get cut(): boolean {
    return given(this.mail).cut.length > 0;
  }

  get folded(): readonly Channel[] {
    return (this.inOneForm ??= this.channels.map(({ name, text }) => ({ name, text: folded(text) })));
  }
}

/** A filter, ready for use. */
interface Filter {
  keywords: readonly string[];
  patterns: readonly Pattern[];
}

const ready = new WeakMap<object, Filter>();

/** Made once for each policy that was loaded. @throws for a pattern that was not checked when it was taken. */
function filterOf(config: PolicyConfigs['keyword_filter']): Filter {
  const known = ready.get(config);
  if (known !== undefined) return known;
  const patterns = (config.patterns ?? []).map((text) => {
    const verdict = readPattern(text);
    if ('problem' in verdict) throw new Error(`a stored pattern ${verdict.problem}`);
    return verdict.pattern;
  });
  const filter = { keywords: (config.keywords ?? []).map(folded), patterns };
  ready.set(config, filter);
  return filter;
}

const TOO_LONG = 'Keywords and patterns of the policies take too long on this message.';

/**
 * Speaks against a message that holds a keyword, as part of a word too, or something that a pattern fits. Names them by
 * their number: an agent that reads the words of the filter could write around them.
 * @param effort  when it is spent the filter speaks against the message: what was not looked at must not pass.
 */
export function wordsFound(config: PolicyConfigs['keyword_filter'], words: MailWords, effort: Effort): string | null {
  if (effort.spent) return TOO_LONG;
  const { keywords, patterns } = filterOf(config);
  for (const [index, keyword] of keywords.entries()) {
    if (effort.spent) return TOO_LONG;
    const channel = words.folded.find(({ text }) => text.includes(keyword));
    if (channel !== undefined) return `Keyword ${index + 1} of the filter stands in: ${channel.name}.`;
  }
  for (const [index, pattern] of patterns.entries()) {
    for (const { name, text } of words.channels) {
      for (const stretch of stretchesOf(text)) {
        if (effort.spent) return TOO_LONG;
        if (pattern.test(stretch)) return `Pattern ${index + 1} of the filter fits in: ${name}.`;
      }
    }
  }
  return words.cut ? 'The message is too large to be looked at whole.' : null;
}
