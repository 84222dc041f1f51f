import { z } from 'zod';
import { checkAddress } from './address-syntax.js';

/** An address and its display name, as responses show it. */
export const Address = z.object({
  address: z.string().meta({ example: 'ann@example.com' }),
  name: z.string().nullable().meta({ example: 'Ann' }),
});
export type Address = z.infer<typeof Address>;

const NAME_MAX = 200;
/** An address of 254 with its name, quotes and escapes. */
const TEXT_MAX = 1000;

// RFC 5322 §3.4: a phrase of words and quoted strings, then the address in angle brackets.
const NAMED = /^[ \t]*((?:"(?:[^"\\\r\n]|\\[^\r\n])*"|[^<>"\r\n])*)<([^<>\s]*)>[ \t]*$/;
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;
const GROUP = /^[^"<>@]*:.*;?\s*$/;

/** Reads `a@b.c` or `Name <a@b.c>`; null when it is neither. Quotes around words of the name are taken off. */
export function readAddress(text: string): Address | null {
  const named = NAMED.exec(text);
  if (named) {
    const phrase = (named[1] ?? '').replace(QUOTED, (_quoted, inner: string) => inner.replace(/\\(.)/g, '$1')).trim();
    return { address: named[2] ?? '', name: phrase === '' ? null : phrase };
  }
  return /[\s<>]/.test(text.trim()) ? null : { address: text.trim(), name: null };
}

/** RFC 5322 §3.2.3 and §3.2.5: words of these characters need no quotes; beyond ASCII as RFC 6532 §3.2 has it. */
const PHRASE = /^[\p{L}\p{N} !#$%&'*+/=?^_`{|}~-]+$/u;

/** Writes an address so that {@link readAddress} reads the same: `a@b.c`, or `Name <a@b.c>`. */
export function writeAddress({ address, name }: Address): string {
  if (name === null || name === '') return address;
  return `${PHRASE.test(name) ? name : `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`} <${address}>`;
}

/** A display name may hold anything but what would let it leave its header line. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

const AddressParts = z.strictObject({ address: z.string().max(TEXT_MAX), name: z.string().max(NAME_MAX).nullish() });
type AddressParts = z.infer<typeof AddressParts>;

/** An address in a request: `a@b.c`, `Name <a@b.c>` or `{address, name?}`. Parsed to `{address, name}`. */
export const AddressInput = z
  .union([z.string().max(TEXT_MAX), AddressParts])
  .transform((input, ctx): Address => {
    const read = parse(input);
    if ('problem' in read) {
      ctx.addIssue({ code: 'custom', message: read.problem });
      return z.NEVER;
    }
    return read;
  })
  .meta({ description: '`a@b.c`, `Name <a@b.c>` or `{address, name?}`' });

function parse(input: string | AddressParts): Address | { problem: string } {
  if (typeof input === 'string' && GROUP.test(input))
    return { problem: 'must be one address: name the members of a group' };
  const read = typeof input === 'string' ? readStrictly(input) : { address: input.address, name: input.name ?? null };
  if (read === null) return { problem: 'must be one email address, or "Name <address>", without comments' };
  if (read.name !== null && CONTROL.test(read.name)) {
    return { problem: 'must have no control characters in the display name' };
  }
  if ((read.name?.length ?? 0) > NAME_MAX)
    return { problem: `must have a display name of at most ${NAME_MAX} characters` };
  const verdict = checkAddress(read.address);
  return 'problem' in verdict ? verdict : { address: verdict.address, name: read.name };
}

/** White space around a bare address is refused: nobody can tell what else the text was cut from. */
const readStrictly = (text: string): Address | null =>
  !text.includes('<') && /\s/.test(text) ? null : readAddress(text);
