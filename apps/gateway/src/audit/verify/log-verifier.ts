import { AuditEntry } from '@postern/contracts';
import { hashOfEntry, NO_HASH } from '../chain.js';

/** An entry that the log is known to hold: written down elsewhere, or from the header X-Audit-Head of an export. */
export interface KnownEntry {
  /** 0 is the empty log. */
  sequence: number;
  hash: string;
}

/** What is wrong, in one sentence without a full stop; `line` is null when it concerns the file as a whole. */
export interface Problem {
  line: number | null;
  why: string;
}

type Link = Pick<AuditEntry, 'sequence' | 'hash'>;

const START: Link = { sequence: 0, hash: NO_HASH };

/**
 * Proves, line by line, that an export is the chain that was written: nothing changed, missing, added, repeated or out of
 * order. What no chain can prove is that the end was not cut off; a known entry proves that, up to itself.
 */
export class LogVerifier {
  private lines = 0;
  private first: Link | null = null;
  private last: Link = START;
  private known: KnownEntry | null;

  /** @param known  null when nothing about the log is known from elsewhere. */
  constructor(known: KnownEntry | null) {
    this.known = known;
  }

  /** Entries that were read. */
  get summary(): { first: number; last: number; lastHash: string; count: number } {
    return { first: this.first?.sequence ?? 0, last: this.last.sequence, lastHash: this.last.hash, count: this.lines };
  }

  /** Takes the next line. @returns what is wrong with it; it goes on from what the line says. */
  next(text: string): Problem[] {
    this.lines += 1;
    const entry = readEntry(text);
    const wrong = typeof entry === 'string' ? [entry] : this.check(entry);
    if (typeof entry !== 'string') {
      this.first ??= entry;
      this.last = entry;
    }
    return wrong.map((why) => ({ line: this.lines, why }));
  }

  /** To be called after the last line. @returns what only the end shows. */
  end(): Problem[] {
    const { known } = this;
    if (known === null) {
      return this.lines > 0
        ? []
        : [{ line: null, why: `the file has no entries; for an empty log say --head 0:${NO_HASH}` }];
    }
    if (known.sequence === 0 && this.lines === 0 && known.hash === NO_HASH) return [];
    const why = `the log ends at sequence ${this.last.sequence}, but is known to have had ${known.sequence}`;
    return known.sequence > this.last.sequence || this.lines === 0 ? [{ line: null, why }] : [];
  }

  private check(entry: AuditEntry): string[] {
    const { last, known } = this;
    const wrong: string[] = [];
    if (hashOfEntry(entry) !== entry.hash) wrong.push('the entry was changed: its hash is not the hash of its content');
    if (entry.sequence !== last.sequence + 1) wrong.push(whyNotNext(entry.sequence, last.sequence));
    else if (entry.prev_hash !== last.hash)
      wrong.push('the entry does not follow the one before: prev_hash is another hash; one of the two was changed');
    if (known !== null && known.sequence === entry.sequence && known.hash !== entry.hash)
      wrong.push(`the entry is not the one that is known: its hash should be ${known.hash}`);
    return wrong;
  }
}

/** @returns the entry, or why the line is none. */
function readEntry(text: string): AuditEntry | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the line is not JSON; it was changed or cut off';
  }
  // A member that stands twice, or another spelling of the same, would be read one way here and another way elsewhere.
  if (JSON.stringify(value) !== text) return 'the line is not written as it was exported';
  const entry = AuditEntry.loose().safeParse(value);
  // Not what the schema made of it: what is hashed is what stands in the file.
  return entry.success
    ? (value as AuditEntry)
    : `the line is no entry: ${entry.error.issues[0]?.path.join('.') ?? ''} is wrong`;
}

function whyNotNext(sequence: number, last: number): string {
  if (sequence === last) return `sequence ${sequence} stands here again`;
  if (sequence < last) return `sequence ${sequence} stands after ${last}: the order was changed`;
  const missing = sequence - last - 1;
  const which = missing === 1 ? `sequence ${last + 1} is` : `the sequences ${last + 1} to ${sequence - 1} are`;
  return `${which} missing before sequence ${sequence}`;
}
