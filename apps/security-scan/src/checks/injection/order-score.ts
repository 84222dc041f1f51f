import { foldedText } from '../../normalise/folded-text.js';
import { englishStretches, otherStretches } from './anchored-stretches.js';
import { shareAsMeant } from './reported-speech.js';
import { AGENTS } from './signals/agents.js';
import { DEEDS } from './signals/deeds.js';
import { ORDERS } from './signals/orders.js';
import { OTHER_LANGUAGES } from './signals/other-languages.js';
import type { Signal, SignalKind } from './signals/signal.js';

const ENGLISH: readonly Signal[] = [...ORDERS, ...AGENTS, ...DEEDS];
/** A thought and its elaboration; longer texts do not add up. */
const STRETCH_CHARS = 500;
/** Of one channel; a text with more is found by its first. */
const MATCHES_MAX = 500;
/** An order is at least two things at once, or one that leaves no doubt; below this nothing is told. */
export const ORDER_MIN = 0.3;

/** How much a stretch of text reads like orders to a model. */
export interface OrderScore {
  /** 0 to 1. */
  score: number;
  /** The strongest first. */
  kinds: readonly SignalKind[];
}

/** Whether talk about orders is to be expected. */
export type Meant = 'maybe reported' | 'as it stands';

interface Match {
  kind: SignalKind;
  weight: number;
  start: number;
}

/**
 * The stretch of a text that reads most like orders to a model. Pure and linear.
 * @param meant  what is quoted or talked about counts less, unless it stands where no person reads it.
 */
export function orderScore(text: string, meant: Meant): OrderScore {
  const plain = foldedText(text)
    .toLowerCase()
    .replaceAll(/\s+(?:[>|]\s*)*/g, ' ');
  return [
    ...englishStretches(plain).map((stretch) => scoreOf(stretch, ENGLISH, meant)),
    ...otherStretches(plain).map((stretch) => scoreOf(stretch, OTHER_LANGUAGES, meant)),
  ].reduce((best, one) => (one.score > best.score ? one : best), NOTHING);
}

const NOTHING: OrderScore = { score: 0, kinds: [] };

function scoreOf(text: string, signals: readonly Signal[], meant: Meant): OrderScore {
  const matches = signals.flatMap((signal) => matchesOf(signal, text, meant)).sort((a, b) => a.start - b.start);
  let best = NOTHING;
  let from = 0;
  for (const [index, { start }] of matches.entries()) {
    while ((matches[from]?.start ?? start) < start - STRETCH_CHARS) from += 1;
    const together = combined(matches.slice(from, index + 1));
    if (together.score > best.score) best = together;
  }
  return best;
}

function matchesOf({ kind, weight, pattern }: Signal, text: string, meant: Meant): Match[] {
  const found: Match[] = [];
  for (const match of text.matchAll(pattern)) {
    const share = meant === 'as it stands' ? 1 : shareAsMeant(text, match.index, match.index + match[0].length);
    found.push({ kind, weight: weight * share, start: match.index });
    if (found.length === MATCHES_MAX) break;
  }
  return found;
}

/** Kinds are reasons of their own; one kind said twice is one reason. */
function combined(matches: readonly Match[]): OrderScore {
  const strongest = new Map<SignalKind, number>();
  for (const { kind, weight } of matches) strongest.set(kind, Math.max(weight, strongest.get(kind) ?? 0));
  const kinds = [...strongest.keys()].sort((a, b) => (strongest.get(b) ?? 0) - (strongest.get(a) ?? 0));
  const harmless = [...strongest.values()].reduce((share, weight) => share * (1 - weight), 1);
  return { score: 1 - harmless, kinds };
}
