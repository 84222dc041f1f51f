/** CSS declarations by property, lower case, later ones in place of earlier ones. */
export type Declarations = ReadonlyMap<string, Declaration>;
export interface Declaration {
  value: string;
  important: boolean;
}

const DECLARATIONS_MAX = 200;

/** Reads `name: value; …` as in a style attribute or a rule. What is not understood is left out. */
export function readDeclarations(text: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const piece of withoutComments(text).split(';', DECLARATIONS_MAX)) {
    const colon = piece.indexOf(':');
    if (colon < 1) continue;
    const name = piece.slice(0, colon).trim().toLowerCase();
    const raw = piece
      .slice(colon + 1)
      .trim()
      .toLowerCase();
    const important = raw.includes('!important');
    const value = important ? raw.slice(0, raw.indexOf('!important')).trim() : raw;
    if (value === '' || (found.get(name)?.important === true && !important)) continue;
    found.set(name, { value, important });
  }
  return found;
}

/** CSS without its comments; one that is never closed goes on to the end (CSS Syntax 3 §4.3.2). */
export function withoutComments(css: string): string {
  let rest = '';
  let at = 0;
  for (let open = css.indexOf('/*'); open !== -1; open = css.indexOf('/*', at)) {
    rest += `${css.slice(at, open)} `;
    const close = css.indexOf('*/', open + 2);
    if (close === -1) return rest;
    at = close + 2;
  }
  return rest + css.slice(at);
}

/** Length in CSS pixels, or null when it is not an absolute length. `parent` is what em and % refer to. */
export function pixels(value: string, parent: number): number | null {
  const [, digits, unit] = /^([+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}))\s*([a-z%]{0,4})$/.exec(value) ?? [];
  if (digits === undefined) return null;
  const size = Number(digits);
  switch (unit) {
    case '':
      // Without a unit only zero is valid, but mail clients read other numbers as pixels too.
      return size;
    case 'px':
      return size;
    case 'pt':
      return (size * 96) / 72;
    case 'em':
    case 'rem':
      return size * parent;
    case '%':
      return (size / 100) * parent;
    default:
      return size === 0 ? 0 : null;
  }
}
