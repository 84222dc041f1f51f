import type { HidingReason } from '@postern/mail-html';
import { spelledInTags, withoutInvisible } from './invisible.js';

/** Why a text is listed instead of shown. */
export type HiddenReason = HidingReason | 'invisible_characters';

export interface HiddenText {
  reason: HiddenReason;
  text: string;
}

/** Enough to judge by; the raw mail has the rest. */
const LISTED_MAX = 20;
const LISTED_MAX_CHARS = 500;
/** Joined pieces beyond this are counted, not kept. */
const KEPT_MAX_CHARS = 4 * LISTED_MAX_CHARS;

/** Collects what a person does not see. Pieces with nothing visible between are one text. */
export class HiddenRuns {
  private readonly runs: HiddenText[] = [];
  private open = false;
  private left = 0;

  add(reason: HiddenReason, text: string): void {
    const last = this.runs.at(-1);
    if (this.open && last?.reason === reason) {
      if (last.text.length < KEPT_MAX_CHARS) last.text += text.slice(0, KEPT_MAX_CHARS);
      return;
    }
    if (!/[\p{L}\p{N}]/u.test(withoutInvisible(text))) return;
    this.open = true;
    if (this.runs.length < LISTED_MAX) this.runs.push({ reason, text: text.slice(0, KEPT_MAX_CHARS) });
    else this.left += 1;
  }

  /** Text that tag characters spell inside a text that is shown. */
  addSpelled(shown: string): void {
    for (const text of spelledInTags(shown)) {
      this.seen();
      this.add('invisible_characters', text);
    }
    this.seen();
  }

  /** Something visible came. */
  seen(): void {
    this.open = false;
  }

  /** A break between two blocks. */
  gap(): void {
    const last = this.runs.at(-1);
    if (this.open && last !== undefined) last.text += ' ';
  }

  /** @returns the texts as they may be shown, and how many more there are. */
  finish(): { hidden: HiddenText[]; more: number } {
    const hidden = this.runs.map(({ reason, text }) => ({ reason, text: shortened(text) }));
    return { hidden, more: this.left };
  }
}

function shortened(text: string): string {
  const clean = withoutInvisible(text).replaceAll(/\s+/g, ' ').trim();
  return clean.length <= LISTED_MAX_CHARS ? clean : `${clean.slice(0, LISTED_MAX_CHARS).toWellFormed()}…`;
}
