import { sealLine } from './escape-markdown.js';
import { saysItself } from './link-target.js';

/** One line of Markdown, and what the markup says about it. */
export interface MarkdownLine {
  text: string;
  quoted: boolean;
  signed: boolean;
}

/** What stands at the beginning of a line, and what the markup says about it. */
export interface LineContext {
  prefix: string;
  quoted: boolean;
  signed: boolean;
}

/** Something around a piece of text that has to begin and end in one line. */
interface Span {
  kind: 'emphasis' | 'link';
  /** `**`, `*`, or where the link leads. */
  value: string;
  /** Where its text begins among the pieces of the line; null while none came. */
  from: number | null;
  /** A link that a line break ended is not said again. */
  done: boolean;
}

/** Puts lines together. Line breaks, gaps and spans are owed until text comes, so that none is empty. */
export class LineBuffer {
  readonly lines: MarkdownLine[] = [];
  private readonly pieces: string[] = [];
  private readonly spans: Span[] = [];
  private context: LineContext | null = null;
  private owedBreaks = 0;
  private owedGap: '' | ' ' | ' | ' = '';

  /** @param contextOf  asked once for each line, when it begins. */
  constructor(private readonly contextOf: () => LineContext) {}

  get inLink(): boolean {
    return this.spans.some(({ kind, done }) => kind === 'link' && !done);
  }

  /** @param count  1 ends the line, 2 leaves a blank one. */
  break(count: 1 | 2): void {
    this.owedBreaks = Math.max(this.owedBreaks, count);
  }

  /** Two of them leave a blank line. */
  lineBreak(): void {
    this.break(this.owedBreaks === 0 ? 1 : 2);
  }

  space(): void {
    if (this.owedGap === '') this.owedGap = ' ';
  }

  /** What comes next stands beside this in a table, unless a line ends between. */
  cell(): void {
    if (this.context !== null && this.owedBreaks === 0) this.owedGap = ' | ';
  }

  /** @param text  without line breaks, not empty. */
  write(text: string): void {
    if (this.owedBreaks > 0) this.endLine();
    if (this.context === null) this.beginLine();
    else if (this.owedGap !== '') this.pieces.push(this.pieces.at(-1)?.endsWith(':') === true ? ' ' : this.owedGap);
    this.owedGap = '';
    for (const span of this.spans) {
      if (span.from !== null || span.done) continue;
      if (span.kind === 'emphasis') this.pieces.push(span.value);
      span.from = this.pieces.length;
    }
    this.pieces.push(text);
  }

  /** Ends the line even when it is empty. */
  endVerbatim(): void {
    if (this.context === null && this.owedBreaks === 0) this.beginLine();
    this.owedBreaks = Math.max(this.owedBreaks, 1);
    this.endLine();
  }

  /** Spans end in the reverse order in which they began. */
  beginSpan(kind: Span['kind'], value: string): void {
    this.spans.push({ kind, value, from: null, done: false });
  }

  endSpan(): void {
    const span = this.spans.pop();
    if (span !== undefined) this.closeSpan(span);
  }

  /** Ends everything. */
  finish(): MarkdownLine[] {
    this.break(1);
    this.endLine();
    return this.lines;
  }

  private beginLine(): void {
    this.context = this.contextOf();
    this.owedGap = '';
  }

  private endLine(): void {
    for (const span of this.spans.toReversed()) this.closeSpan(span);
    if (this.context !== null) {
      const { prefix, quoted, signed } = this.context;
      this.lines.push({ text: `${prefix}${sealLine(this.pieces.join(''))}`.trimEnd(), quoted, signed });
    }
    if (this.owedBreaks > 1 && this.lines.length > 0) this.lines.push({ text: '', quoted: false, signed: false });
    this.pieces.length = 0;
    this.context = null;
    this.owedBreaks = 0;
  }

  /** An emphasis goes on in the next line. */
  private closeSpan(span: Span): void {
    const { kind, value, from } = span;
    if (from === null) return;
    span.from = null;
    if (kind === 'emphasis') {
      this.pieces.push(value);
      return;
    }
    span.done = true;
    const text = this.pieces.splice(from).join('');
    this.pieces.push(linked(text, value, this.pieces.at(-1)));
  }
}

function linked(text: string, target: string, before: string | undefined): string {
  if (saysItself(text, target)) return target.startsWith('mailto:') ? text : target;
  // An exclamation mark before the bracket would make a picture of the link.
  return `${before?.endsWith('!') === true ? ' ' : ''}[${text}](${target})`;
}
