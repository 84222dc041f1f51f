/** Schemes that a person may follow from a mail; others (script, data) are not shown as links. */
const FOLLOWABLE = /^(?:https?|mailto|tel|sms|ftp|webcal|xmpp|geo):/i;
const CONTROLS = /[\p{Cc}\s]+/gu;

/**
 * The address of a link as it may stand in the brackets of a Markdown link: it can neither end them early nor begin an element.
 * @returns null when it is nothing to follow.
 */
export function linkTarget(href: string | undefined): string | null {
  // Browsers drop line breaks inside, and spaces around (URL Standard §4.4).
  const address = href?.replace(CONTROLS, (gap) => (gap.includes(' ') ? ' ' : '')).trim();
  if (address === undefined || !FOLLOWABLE.test(address)) return null;
  return address.replace(/[ ()<>"\\`[\]]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Whether a link says no more than where it leads. */
export function saysItself(text: string, target: string): boolean {
  const bare = (url: string): string => url.replace(/^(?:https?:\/\/|mailto:)/i, '').replace(/\/$/, '');
  return bare(text.trim()).toLowerCase() === bare(target).toLowerCase();
}
