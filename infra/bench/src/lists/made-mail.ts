/** One message of a mailbox that is made to be listed and searched. */
export interface MadeMail {
  readonly subject: string;
  readonly text: string;
  readonly from: string;
  readonly label: string | null;
  readonly isBounced: boolean;
  readonly hasAttachment: boolean;
}

const VOCABULARY = 20_000;
const WORDS = 60;
const SENDERS = 500;
/** One message of these has a word, a label or a status that most have not. */
const EVERY_SELDOM = 200;
const EVERY_RARE = 20_000;

/** Lehmer's generator with the multiplier of Park and Miller: the same mailbox in every run. */
function random(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Few words are frequent and most are rare, about as in a language. */
const word = (next: () => number): string => `w${Math.floor(VOCABULARY ** next()).toString(36)}`;

/** The i-th message of any mailbox. */
export function madeMail(index: number): MadeMail {
  const next = random(index);
  const words = Array.from({ length: WORDS }, () => word(next));
  const extra = [
    ...(index % EVERY_SELDOM === 7 ? ['seldomly'] : []),
    ...(index % EVERY_RARE === 9 ? ['xylophone'] : []),
  ];
  return {
    subject: `Order ${index.toString(36)} ${word(next)} ${word(next)}`,
    text: ['Dear customer,', ...words, ...extra, 'kind regards'].join(' '),
    from: `sender${index % SENDERS}@example.com`,
    label: index % 3 === 0 ? 'common' : index % EVERY_RARE === 11 ? 'scarce' : null,
    isBounced: index % EVERY_RARE === 13,
    hasAttachment: index % 10 === 0,
  };
}
