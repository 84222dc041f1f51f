import type { Attributes, HidingReason, HtmlVisitor } from '@postern/mail-html';
import type { HiddenRun, HtmlChannels, HtmlLink } from '../scanned-mail.js';

const BREAKS = new Set(['p', 'div', 'br', 'tr', 'li', 'h1', 'h2', 'h3', 'h4', 'table', 'blockquote', 'pre', 'hr']);
const CELLS = new Set(['td', 'th']);
/** Attributes that shape only, and would drown the channel. */
const SHAPING =
  /^(style|class|id|width|height|border|cellpadding|cellspacing|align|valign|bgcolor|role|dir|lang|type|rel|target)$/;
const HIDDEN_RUNS_MAX = 500;
/** A run goes on over elements as long as nothing visible comes between; each is at most this long. */
const RUN_MAX_CHARS = 64 * 1024;

/** Newsletters have a few hundred. */
const LINKS_MAX = 2_000;
/** Longer texts of links are not compared with their targets. */
const LINK_TEXT_MAX_CHARS = 500;

/** Sorts what stands in the HTML into channels. */
export class ChannelWriter implements HtmlVisitor {
  private readonly visible: string[] = [];
  private readonly hidden: HiddenRun[] = [];
  private readonly attributes: string[] = [];
  private readonly comments: string[] = [];
  private readonly links: HtmlLink[] = [];
  private openLink: HtmlLink | null = null;
  private visibleCount = 0;
  private room: number;
  /** A hidden run may go on: nothing visible came since. */
  private runOpen = false;

  /** @param maxChars  of all channels together. */
  constructor(maxChars: number) {
    this.room = maxChars;
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
      links: this.links,
    };
  }

  open(tag: string, attributes: Attributes): void {
    if (BREAKS.has(tag)) this.put('\n');
    else if (CELLS.has(tag)) this.put(' ');
    this.noteLink(tag, attributes);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== '' && !SHAPING.test(name) && this.take(value)) this.attributes.push(value);
    }
  }

  close(tag: string): void {
    if (BREAKS.has(tag)) this.put('\n');
    if (tag === 'a') this.openLink = null;
  }

  text(text: string, hiding: HidingReason | null): void {
    if (!this.take(text)) return;
    if (hiding === null) this.show(text);
    else this.hide(hiding, text);
  }

  comment(text: string): void {
    if (text.trim() !== '' && this.take(text)) this.comments.push(text);
  }

  private noteLink(tag: string, attributes: Attributes): void {
    if (this.links.length >= LINKS_MAX) return;
    const { href, src, action } = attributes;
    if (tag === 'a' || tag === 'area') {
      // A link inside a link ends the outer one.
      this.openLink = href === undefined ? null : { kind: 'page', target: href, text: '' };
      if (this.openLink !== null) this.links.push(this.openLink);
    } else if (tag === 'img' && src !== undefined) {
      this.links.push({ kind: 'picture', target: src, text: '' });
    } else if (tag === 'form' && action !== undefined) {
      this.links.push({ kind: 'form', target: action, text: '' });
    }
  }

  private show(text: string): void {
    this.visible.push(text);
    if (this.openLink !== null && this.openLink.text.length < LINK_TEXT_MAX_CHARS) this.openLink.text += text;
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
