import type { Attributes, HidingReason, HtmlVisitor } from '@postern/mail-html';
import { escapeText } from './escape-markdown.js';
import { HiddenRuns } from './hidden-runs.js';
import { withoutInvisible } from './invisible.js';
import { LineBuffer, type LineContext, type MarkdownLine } from './line-buffer.js';
import { linkTarget } from './link-target.js';
import { BREAKS, EMPHASIS, pictureText, roleOf } from './structure.js';

/** Deeper indentation says nothing more and costs tokens on every line. */
const QUOTES_MAX = 5;
const LISTS_MAX = 5;
const CELLS: ReadonlySet<string> = new Set(['td', 'th']);

interface Open {
  tag: string;
  spans: number;
  quotes: boolean;
  history: boolean;
  signs: boolean;
}

interface List {
  ordered: boolean;
  items: number;
}

/** Writes what a person sees of a mail's HTML as Markdown, line by line, and lists apart what nobody sees. */
export class MarkdownWriter implements HtmlVisitor {
  readonly hidden = new HiddenRuns();
  private readonly buffer = new LineBuffer(() => this.lineContext());
  private readonly stack: Open[] = [];
  private readonly lists: List[] = [];
  private readonly depths = { quotes: 0, history: 0, signs: 0, pre: 0 };
  private heading = 0;
  private restIsHistory = false;
  /** Of the list item that has begun, until its first line does. */
  private bullet: string | null = null;
  /** Text that the parser gave in pieces: entities come alone. */
  private pending = '';
  private hiding: HidingReason | null = null;

  open(tag: string, attributes: Attributes, hiding: HidingReason | null): void {
    this.endText();
    this.breakAt(tag);
    const role = roleOf(tag, attributes);
    this.restIsHistory ||= role.restIsHistory;
    this.stack.push({ tag, spans: this.beginSpans(tag, attributes), ...role });
    this.count(role, tag, 1);
    if (tag === 'ul' || tag === 'ol') this.lists.push({ ordered: tag === 'ol', items: 0 });
    if (tag === 'li') this.beginItem();
    if (/^h[1-6]$/.test(tag)) this.heading = Number(tag[1]);
    if (tag === 'br') this.buffer.lineBreak();
    if (tag === 'hr') this.rule();
    const picture = tag === 'img' && hiding === null ? pictureText(attributes) : null;
    if (picture !== null) this.show(this.buffer.inLink ? picture : `[${picture}]`);
  }

  close(tag: string): void {
    this.endText();
    const open = this.stack.pop();
    if (open !== undefined) {
      for (let at = 0; at < open.spans; at += 1) this.buffer.endSpan();
      this.count(open, tag, -1);
    }
    if (tag === 'ul' || tag === 'ol') this.lists.pop();
    if (/^h[1-6]$/.test(tag)) this.heading = 0;
    if (CELLS.has(tag)) this.buffer.cell();
    this.breakAt(tag);
  }

  text(text: string, hiding: HidingReason | null): void {
    if (hiding !== this.hiding) this.endText();
    this.hiding = hiding;
    this.pending += text;
  }

  /** @returns every line, in order; call it once, at the end. */
  finish(): MarkdownLine[] {
    this.endText();
    return this.buffer.finish();
  }

  private beginSpans(tag: string, attributes: Attributes): number {
    const mark = EMPHASIS.get(tag);
    if (mark !== undefined && this.heading === 0 && !this.stack.some((open) => EMPHASIS.get(open.tag) === mark)) {
      this.buffer.beginSpan('emphasis', mark);
      return 1;
    }
    const target = tag === 'a' && !this.buffer.inLink ? linkTarget(attributes['href']) : null;
    if (target === null) return 0;
    this.buffer.beginSpan('link', target);
    return 1;
  }

  private count(role: Pick<Open, 'quotes' | 'history' | 'signs'>, tag: string, by: 1 | -1): void {
    if (role.quotes) this.depths.quotes += by;
    if (role.history) this.depths.history += by;
    if (role.signs) this.depths.signs += by;
    if (tag === 'pre') this.depths.pre += by;
  }

  private beginItem(): void {
    const list = this.lists.at(-1);
    if (list !== undefined) list.items += 1;
    this.bullet = list?.ordered === true ? `${list.items}. ` : '- ';
  }

  private breakAt(tag: string): void {
    const breaks = BREAKS.get(tag);
    if (breaks !== undefined) this.buffer.break(breaks);
    if (breaks !== undefined || tag === 'br') this.hidden.gap();
  }

  private rule(): void {
    this.buffer.break(2);
    this.buffer.write('---');
    this.buffer.break(2);
  }

  private lineContext(): LineContext {
    const quotes = '> '.repeat(Math.min(this.depths.quotes, QUOTES_MAX));
    const indent = '  '.repeat(Math.min(Math.max(0, this.lists.length - 1), LISTS_MAX));
    const bullet = this.bullet ?? (this.lists.length > 0 ? '  ' : '');
    this.bullet = null;
    const heading = this.heading > 0 ? `${'#'.repeat(this.heading)} ` : '';
    return {
      prefix: `${quotes}${indent}${bullet}${heading}`,
      quoted: this.depths.quotes > 0 || this.depths.history > 0 || this.restIsHistory,
      signed: this.depths.signs > 0,
    };
  }

  private endText(): void {
    const text = this.pending;
    this.pending = '';
    if (text === '') return;
    if (this.hiding !== null) this.hidden.add(this.hiding, text);
    else if (this.depths.pre > 0) this.showVerbatim(text);
    else {
      if (/^\s/.test(text)) this.buffer.space();
      this.show(text);
      if (/\s$/.test(text)) this.buffer.space();
    }
  }

  private show(text: string): void {
    const seen = this.seen(text).replaceAll(/\s+/g, ' ').trim();
    if (seen !== '') this.buffer.write(this.escaped(seen));
  }

  private showVerbatim(text: string): void {
    for (const [at, line] of this.seen(text).split('\n').entries()) {
      if (at > 0) this.buffer.endVerbatim();
      if (line !== '') this.buffer.write(this.escaped(line));
    }
  }

  private seen(text: string): string {
    if (text.trim() !== '') this.hidden.addSpelled(text);
    return withoutInvisible(text);
  }

  private escaped(text: string): string {
    const safe = escapeText(text);
    return this.buffer.inLink ? safe.replaceAll(/[[\]]/g, String.raw`\$&`) : safe;
  }
}
