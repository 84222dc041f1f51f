/** Every marker line begins with this; a text of a mail never does, see {@link sealLine}. */
export const MARKER = 'postern-';

/** `<https://…>` and `<ann@example.com>` are links in Markdown too (CommonMark §6.5), and common in plain text. */
const AUTOLINK = /^<(?!postern-)(?:(?:https?|mailto):[^\s<>]{1,2000}|[^\s<>@]{1,64}@[^\s<>@]{1,255})>/i;
/** What would begin an HTML element, a comment or one of our markers. */
const OPENS_ELEMENT = /<(?=[A-Za-z/!?])/g;
/** What would be read as an entity once more. */
const ENTITY = /&(?=(?:#\w{1,8}|[A-Za-z]\w{1,31});)/g;

const OPENS_PICTURE = /!\[/g;
/** Longer than any address that {@link AUTOLINK} takes. */
const AUTOLINK_MAX_CHARS = 2_100;

/** One stretch of text as Markdown that shows it as it is. */
export const escapeText = (text: string): string => escapeLineStart(text.replace(ENTITY, '&amp;'));

/**
 * Makes a finished line safe: no text of a mail can begin HTML, a marker of ours, or a picture, which a viewer would fetch; also
 * not when it comes in pieces. Other characters stay as they are: a model reads `snake_case` better than `snake\_case`.
 */
export function sealLine(line: string): string {
  return line
    .replace(OPENS_ELEMENT, (open, at: number) =>
      AUTOLINK.test(line.slice(at, at + AUTOLINK_MAX_CHARS)) ? open : '&lt;',
    )
    .replace(OPENS_PICTURE, '!\\[');
}

/** At the beginning of a line: what would be a heading that the mail does not have. */
const escapeLineStart = (line: string): string => line.replace(/^( {0,3})(#{1,6} )/, '$1\\$2');
