import { randomInt } from 'node:crypto';

const FIRST = [
  'amber',
  'brave',
  'calm',
  'clear',
  'cosy',
  'deft',
  'eager',
  'fair',
  'fleet',
  'glad',
  'keen',
  'lucid',
  'merry',
  'neat',
  'noble',
  'plain',
  'quick',
  'quiet',
  'ready',
  'sunny',
  'swift',
  'tidy',
  'vivid',
  'warm',
  'wise',
];
const SECOND = [
  'badger',
  'beacon',
  'birch',
  'bridge',
  'brook',
  'cedar',
  'comet',
  'crane',
  'falcon',
  'finch',
  'harbor',
  'heron',
  'lantern',
  'maple',
  'meadow',
  'otter',
  'pebble',
  'pine',
  'quill',
  'raven',
  'river',
  'sparrow',
  'spruce',
  'swan',
  'willow',
];
/** With two words of 25 each: about 6 × 10^8 names, so that a clash is rare and a second try settles it. */
const NUMBERS = 1_000_000;

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? '';

/** A name that people can read out: `calm-otter-482913`. */
export const randomSlug = (): string =>
  `${pick(FIRST)}-${pick(SECOND)}-${randomInt(NUMBERS).toString().padStart(6, '0')}`;
