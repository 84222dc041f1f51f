import type { Handler } from 'htmlparser2';
import type { HiddenRun, HidingReason, HtmlChannels } from '../scanned-mail.js';
import { readDeclarations, type Declaration } from './declarations.js';
import { FIRST_LOOK, hidingOf, lookOf, type Look } from './look.js';
import type { StyleSheet } from './style-sheet.js';

/** Text in these is not shown, and not meant to be read by anybody: it is in no channel. */
const SILENT = new Set(['style', 'script', 'title']);
/** Text in these is not shown by a mail client, and a careless conversion shows it to a machine. */
const INERT = new Set(['template', 'noembed', 'noframes', 'datalist', 'object', 'iframe', 'xml', 'metadata', 'desc']);
const BREAKS = new Set(['p', 'div', 'br', 'tr', 'li', 'h1', 'h2', 'h3', 'h4', 'table', 'blockquote', 'pre', 'hr']);
const CELLS = new Set(['td', 'th']);
/** Attributes that shape only, and would drown the channel. */
const SHAPING =
  /^(style|class|id|width|height|border|cellpadding|cellspacing|align|valign|bgcolor|role|dir|lang|type|rel|target)$/;
const HIDDEN_RUNS_MAX = 500;
/** A run goes on over elements as long as nothing visible comes between; each is at most this long. */
const RUN_MAX_CHARS = 64 * 1024;

interface Open {
  look: Look;
  silent: boolean;
}

/** Listens to the parser and sorts what it hears into channels. */
export class ChannelWriter implements Partial<Handler> {
  private readonly stack: Open[] = [{ look: FIRST_LOOK, silent: false }];
  private readonly visible: string[] = [];
  private readonly hidden: HiddenRun[] = [];
  private readonly attributes: string[] = [];
  private readonly comments: string[] = [];
  private visibleCount = 0;
  private room: number;
  /** A hidden run may go on: nothing visible came since. */
  private runOpen = false;

  /** @param maxChars  of all channels together. */
  constructor(
    private readonly sheet: StyleSheet,
    maxChars: number,
  ) {
    this.room = maxChars;
  }

  get depth(): number {
    return this.stack.length;
  }

  /** More came than is kept. */
  get full(): boolean {
    return this.room < 0;
  }

  channels(): HtmlChannels {
    return {
      visible: this.visible.join(''),
      hidden: this.hidden,
      attributes: this.attributes.join('\n'),
      comments: this.comments.join('\n'),
    };
  }

  onopentag(tag: string, attributes: Record<string, string>): void {
    const parent = this.top;
    if (BREAKS.has(tag)) this.put('\n');
    else if (CELLS.has(tag)) this.put(' ');
    this.stack.push({
      look: this.lookFor(tag, attributes, parent.look),
      silent: parent.silent || SILENT.has(tag),
    });
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== '' && !SHAPING.test(name) && this.take(value)) this.attributes.push(value);
    }
  }

  onclosetag(tag: string): void {
    if (this.stack.length > 1) this.stack.pop();
    if (BREAKS.has(tag)) this.put('\n');
  }

  ontext(text: string): void {
    const { look, silent } = this.top;
    if (silent || !this.take(text)) return;
    const reason = hidingOf(look);
    if (reason === null) this.show(text);
    else this.hide(reason, text);
  }

  oncomment(text: string): void {
    if (text.trim() !== '' && this.take(text)) this.comments.push(text);
  }

  private get top(): Open {
    return this.stack.at(-1) as Open;
  }

  private lookFor(tag: string, attributes: Record<string, string>, parent: Look): Look {
    const { style, id, bgcolor, background, color } = attributes;
    const classes = attributes['class']?.split(/\s+/, 20) ?? [];
    const rules = this.sheet.declarationsOf(tag, id, classes) ?? new Map<string, Declaration>();
    const plain = (name: string, value: string): void => {
      if (!rules.has(name)) rules.set(name, { value: value.toLowerCase(), important: false });
    };
    if (bgcolor !== undefined) plain('background-color', bgcolor);
    if (background !== undefined) plain('background-image', 'url()');
    if (tag === 'font' && color !== undefined) plain('color', color);
    if (tag === 'a') plain('color', 'blue');
    for (const [name, declaration] of style === undefined ? [] : readDeclarations(style)) {
      if (rules.get(name)?.important !== true || declaration.important) rules.set(name, declaration);
    }
    const look =
      rules.size === 0 && !this.sheet.mayPaint(tag, id, classes)
        ? parent
        : lookOf(parent, rules, this.sheet.mayPaint(tag, id, classes));
    const gone: HidingReason | null = INERT.has(tag)
      ? 'inert_element'
      : attributes['hidden'] !== undefined
        ? 'hidden_attribute'
        : null;
    return gone === null || look.gone !== null ? look : { ...look, gone };
  }

  private show(text: string): void {
    this.visible.push(text);
    const count = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    if (count === 0) return;
    this.visibleCount += count;
    this.runOpen = false;
  }

  private hide(reason: HidingReason, text: string): void {
    const last = this.hidden.at(-1);
    if (this.runOpen && last !== undefined && last.reason === reason && last.text.length < RUN_MAX_CHARS) {
      last.text += text;
    } else if (this.hidden.length < HIDDEN_RUNS_MAX) {
      this.hidden.push({ reason, text, visibleBefore: this.visibleCount });
      this.runOpen = true;
    } else if (last !== undefined) {
      last.text += text;
    }
  }

  /** A break between what stands in two blocks, in whichever channel is being written. */
  private put(gap: string): void {
    this.visible.push(gap);
    const last = this.hidden.at(-1);
    if (this.runOpen && last !== undefined) last.text += gap;
  }

  private take(text: string): boolean {
    if (this.room < 0) return false;
    this.room -= text.length;
    return true;
  }
}
