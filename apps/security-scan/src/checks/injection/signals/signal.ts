/** What a stretch of text does to a model that reads it. */
export type SignalKind =
  'override' | 'redirect' | 'agent' | 'action' | 'output' | 'leak' | 'persona' | 'secrecy' | 'authority' | 'decode';

/** A way of speaking that orders to a model have and letters to people seldom. */
export interface Signal {
  kind: SignalKind;
  /** How often, of ten texts with nothing else, something is wrong; those of different kinds add up. */
  weight: number;
  /** For folded text in lower case with single spaces; flags `gu`, every repetition bounded. */
  pattern: RegExp;
}

/** Ways of saying the same. */
export const signal = (kind: SignalKind, weight: number, ...sources: string[]): Signal => ({
  kind,
  weight,
  pattern: new RegExp(sources.map((source) => `(?:${source})`).join('|'), 'gu'),
});

/** Within one sentence. */
export const within = (chars: number): string => `[^.!?]{0,${chars}}?`;
