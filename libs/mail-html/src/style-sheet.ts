import { readDeclarations, withoutComments, type Declaration } from './declarations.js';

const SHEET_MAX_CHARS = 256 * 1024;
const RULES_MAX = 4000;
/** Blocks in blocks that are followed; each level reads its text once more. */
const BLOCK_DEPTH_MAX = 3;

interface Rule {
  declarations: ReadonlyMap<string, Declaration>;
  /** ids × 100 + classes × 10 + elements (CSS Selectors 4 §17, simplified). */
  specificity: number;
  order: number;
}

/**
 * The style rules of a mail, as far as they decide what is seen: selectors of one element (`div.a`, `#b`, `.c`).
 * Rules that hold on some screens only are left out. Of longer selectors (`.a .b`) only the grounds that they may paint
 * are remembered, so that white text on them is not taken for invisible.
 */
export class StyleSheet {
  private readonly byKey = new Map<string, Rule[]>();
  private readonly paintable = new Set<string>();
  private rules = 0;

  add(css: string): void {
    const text = css.slice(0, SHEET_MAX_CHARS).replaceAll('<!--', ' ').replaceAll('-->', ' ');
    this.read(withoutComments(text), 0);
  }

  /** Declarations for an element, without its style attribute; null when no rule names it. */
  declarationsOf(tag: string, id: string | undefined, classes: readonly string[]): Map<string, Declaration> | null {
    if (this.byKey.size === 0) return null;
    const matching: Rule[] = [];
    for (const key of keysOf(tag, id, classes)) matching.push(...(this.byKey.get(key) ?? []));
    if (matching.length === 0) return null;
    matching.sort((a, b) => a.specificity - b.specificity || a.order - b.order);
    const merged = new Map<string, Declaration>();
    for (const rule of matching) {
      for (const [name, declaration] of rule.declarations) {
        if (merged.get(name)?.important !== true || declaration.important) merged.set(name, declaration);
      }
    }
    return merged;
  }

  /** Whether a rule that is not followed here may give the element a ground. */
  mayPaint(tag: string, id: string | undefined, classes: readonly string[]): boolean {
    return this.paintable.size > 0 && keysOf(tag, id, classes).some((key) => this.paintable.has(key));
  }

  private read(text: string, depth: number): void {
    let at = 0;
    while (at < text.length && this.rules < RULES_MAX) {
      const open = text.indexOf('{', at);
      if (open === -1) return;
      const prelude = text.slice(at, open).trim();
      if (prelude.startsWith('@')) {
        const close = endOfBlock(text, open);
        if (depth < BLOCK_DEPTH_MAX && holdsOnEveryScreen(prelude)) this.read(text.slice(open + 1, close), depth + 1);
        at = close + 1;
        continue;
      }
      const close = text.indexOf('}', open);
      const body = text.slice(open + 1, close === -1 ? text.length : close);
      this.addRule(prelude, body);
      at = close === -1 ? text.length : close + 1;
    }
  }

  private addRule(selectors: string, body: string): void {
    const declarations = readDeclarations(body);
    this.rules += 1;
    for (const selector of selectors.split(',', 100).map((one) => one.trim())) {
      const key = keyOf(selector);
      if (key === null) {
        const last = keyOf(selector.split(/[\s>+~]/).at(-1) ?? '');
        if (last !== null && (declarations.has('background') || declarations.has('background-color')))
          this.paintable.add(last);
        continue;
      }
      const specificity = (key.includes('#') ? 100 : 0) + (key.includes('.') ? 10 : 0) + (/^[a-z*]/.test(key) ? 1 : 0);
      const rules = this.byKey.get(key) ?? [];
      rules.push({ declarations, specificity, order: this.rules });
      this.byKey.set(key, rules);
    }
  }
}

/** `div`, `.a`, `div.a`, `#b` and `*`; null for every other selector. */
function keyOf(selector: string): string | null {
  return /^(\*|[a-z][a-z0-9]*)?([.#][a-z_][\w-]*)?$/i.test(selector) && selector !== ''
    ? selector.replace(/^[A-Za-z0-9]+/, (tag) => tag.toLowerCase())
    : null;
}

const CLASSES_MAX = 20;

function keysOf(tag: string, id: string | undefined, classes: readonly string[]): string[] {
  const keys = ['*', tag];
  for (const name of classes.slice(0, CLASSES_MAX)) keys.push(`.${name}`, `${tag}.${name}`);
  if (id !== undefined) keys.push(`#${id}`, `${tag}#${id}`);
  return keys;
}

/** `@media screen` hides from everybody who reads on a screen; a condition in brackets hides from some only. */
const holdsOnEveryScreen = (prelude: string): boolean =>
  /^@media\s+(only\s+)?(all|screen)\s*$/i.test(prelude) || /^@supports/i.test(prelude);

/** Where the block that opens at `open` ends; the end of the text when it does not. */
function endOfBlock(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}
