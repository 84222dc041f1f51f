import { readDeclarations, type Declaration } from './declarations.js';
import type { HidingReason } from './hiding.js';
import { FIRST_LOOK, hidingOf, lookOf, type Look } from './look.js';
import type { StyleSheet } from './style-sheet.js';

/** Text in these is not shown, and not meant to be read by anybody. */
const SILENT = new Set(['style', 'script', 'title']);
/** Text in these is not shown by a mail client, and a careless conversion shows it to a machine. */
const INERT = new Set(['template', 'noembed', 'noframes', 'datalist', 'object', 'iframe', 'xml', 'metadata', 'desc']);
const CLASSES_MAX = 20;

interface Open {
  look: Look;
  silent: boolean;
}

export type Attributes = Readonly<Record<string, string>>;

/** The elements that are open, and how what stands in the innermost one looks. */
export class ElementLooks {
  private readonly stack: Open[] = [{ look: FIRST_LOOK, silent: false }];

  constructor(private readonly sheet: StyleSheet) {}

  get depth(): number {
    return this.stack.length;
  }

  /** Text here is nobody's: a style, a script, the title. */
  get silent(): boolean {
    return this.top.silent;
  }

  /** Why text here is not seen; null when it is. */
  get hiding(): HidingReason | null {
    return hidingOf(this.top.look);
  }

  open(tag: string, attributes: Attributes): void {
    const { look, silent } = this.top;
    this.stack.push({ look: this.lookFor(tag, attributes, look), silent: silent || SILENT.has(tag) });
  }

  close(): void {
    if (this.stack.length > 1) this.stack.pop();
  }

  private get top(): Open {
    return this.stack.at(-1) as Open;
  }

  private lookFor(tag: string, attributes: Attributes, parent: Look): Look {
    const { id } = attributes;
    const classes = attributes['class']?.split(/\s+/, CLASSES_MAX) ?? [];
    const rules = this.rulesFor(tag, attributes, classes);
    const mayBePainted = this.sheet.mayPaint(tag, id, classes);
    const look = rules.size === 0 && !mayBePainted ? parent : lookOf(parent, rules, mayBePainted);
    const gone = goneBy(tag, attributes);
    return gone === null || look.gone !== null ? look : { ...look, gone };
  }

  /** The style sheet, then attributes that shape, then the style attribute. */
  private rulesFor(tag: string, attributes: Attributes, classes: readonly string[]): Map<string, Declaration> {
    const { style, id, bgcolor, background, color } = attributes;
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
    return rules;
  }
}

function goneBy(tag: string, attributes: Attributes): HidingReason | null {
  if (INERT.has(tag)) return 'inert_element';
  return attributes['hidden'] === undefined ? null : 'hidden_attribute';
}
