import { parse } from 'tldts';

/** Where a link leads, as far as its text tells. */
export interface Place {
  /** Lower case, in A-labels. */
  host: string;
  /** The part that somebody registered, such as `example.co.uk`; null for addresses and names without one. */
  domain: string | null;
  isIp: boolean;
  url: URL;
}

/** @returns null when it leads to no host: no URL, `mailto:`, `cid:`. */
export function placeOf(target: string): Place | null {
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    return null;
  }
  if (!/^(?:https?|ftp):$/.test(url.protocol) || url.hostname === '') return null;
  const { domain, isIp } = parse(url.hostname, { allowPrivateDomains: true });
  return { host: url.hostname, domain, isIp: isIp === true, url };
}
