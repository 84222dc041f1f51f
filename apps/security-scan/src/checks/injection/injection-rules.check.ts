import { textChannels, type Channel, type ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check } from '../check.js';
import { ORDER_MIN, orderScore, type OrderScore } from './order-score.js';
import type { SignalKind } from './signals/signal.js';

const METHOD = 'injection_rules';

/** Where no person reads: what speaks to a model there was put there for it. */
const UNSEEN = /^(?:hidden html|html attributes|html comments)$| in /;
/** An unseen place is a reason of its own. */
const UNSEEN_WEIGHT = 0.4;
const CONFIDENCE_MAX = 0.97;

const WORDS: Readonly<Record<SignalKind, string>> = {
  override: 'sets earlier instructions aside',
  redirect: 'gives a reader another task',
  agent: 'speaks to an AI assistant',
  action: 'asks for actions with mail, tools or money',
  output: 'dictates what to answer',
  leak: 'asks for a prompt or configuration',
  persona: 'gives a model another role',
  secrecy: 'asks to keep it from the user',
  authority: 'claims an authority',
  decode: 'asks to decode and follow',
};

/**
 * Looks for text that gives orders to a model which reads mail: by ways of speaking, not by meaning, so soft persuasion and
 * languages without rules pass. Visible, hidden, encoded and attached text alike; talk about such orders counts less.
 */
export const injectionRulesCheck: Check = {
  name: METHOD,
  direction: 'both',
  run(mail: ScannedMail) {
    const strongest = textChannels(mail)
      .map(scored)
      .reduce((best, channel) => (channel.score > best.score ? channel : best), { score: 0, kinds: [], name: '' });
    if (strongest.score < ORDER_MIN) return [];
    const confidence = Math.min(CONFIDENCE_MAX, Math.round(100 * strongest.score) / 100);
    const said = strongest.kinds.slice(0, 3).map((kind) => WORDS[kind]);
    return [finding(METHOD, 'suspicious', confidence, `Text in ${strongest.name} ${said.join(', ')}.`)];
  },
};

function scored({ name, text }: Channel): OrderScore & { name: string } {
  const unseen = UNSEEN.test(name);
  const { score, kinds } = orderScore(text, unseen ? 'as it stands' : 'maybe reported');
  return { name, kinds, score: unseen && score > 0 ? 1 - (1 - score) * (1 - UNSEEN_WEIGHT) : score };
}
