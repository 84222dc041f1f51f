/** Every marker line begins with this; a text of a mail never does, see {@link escapeMarkdown}. */
export const MARKER = 'postern-';

/** `<https://…>` and `<ann@example.com>` are links in Markdown too (CommonMark §6.5), and common in plain text. */
const AUTOLINK = /^<(?!postern-)(?:(?:https?|mailto):[^\s<>]{1,2000}|[^\s<>@]{1,64}@[^\s<>@]{1,255})>/i;
/** What would begin an HTML element, a comment or one of our markers. */
const OPENS_ELEMENT = /<(?=[A-Za-z/!?])/g;
/** What would be read as an entity once more. */
const ENTITY = /&(?=(?:#\w{1,8}|[A-Za-z]\w{1,31});)/g;

/**
 * Makes text of a mail safe inside Markdown: it can begin no HTML, no marker of ours and no picture, which a viewer would fetch.
 * Other characters stay as they are: a model reads `snake_case` better than `snake\_case`.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(ENTITY, '&amp;')
    .replace(OPENS_ELEMENT, (open, at: number) => (AUTOLINK.test(text.slice(at, at + 2100)) ? open : '&lt;'))
    .replaceAll('![', '!\\[');
}

/** At the beginning of a line: what would be a heading that the mail does not have. */
export const escapeLineStart = (line: string): string => line.replace(/^( {0,3})(#{1,6} )/, '$1\\$2');
