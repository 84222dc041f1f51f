import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';
import { foldedText } from '../../normalise/folded-text.js';
import type { Link, ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';
import { BRANDS, imitatedBrand, isOwn } from './brands.js';
import { placeOf, type Place } from './place.js';

const METHOD = 'phishing_links';
/** A mail says it once, however many links. */
const FINDINGS_MAX = 5;

type Trick = readonly [confidence: number, detail: string];

const SCRIPT = /^[\s\0]*(?:java|vb|live)script\s*:/i;
const ACTIVE_DATA = /^\s*data:\s*(?:text\/html|image\/svg\+xml|application\/(?:xhtml\+xml|x?javascript))/i;
/** The text of a link that is an address itself. */
const SHOWN_ADDRESS =
  /^(?:https?:\/\/)?(?<host>(?:[\p{L}\d-]{1,63}\.){1,5}\p{L}{2,18})(?::\d{1,5})?(?:[/?#]\S{0,300})?$/iu;
const CREDENTIALS =
  /(?:log-?in|sign-?in|verify|verification|account|password|secure|update|confirm|webscr|auth|unlock|wallet)/i;

/** Looks for links that lead elsewhere than they let people believe. */
export const phishingLinksCheck: Check = {
  name: METHOD,
  direction: 'both',
  run(mail: ScannedMail): Finding[] {
    const found = new Map<string, Finding>();
    for (const link of mail.links) {
      for (const [confidence, detail] of tricksOf(link)) {
        if (!found.has(detail)) found.set(detail, finding(METHOD, 'suspicious', confidence, detail));
      }
    }
    return [...found.values()].sort((a, b) => b.confidence - a.confidence).slice(0, FINDINGS_MAX);
  },
};

function tricksOf(link: Link): Trick[] {
  if (SCRIPT.test(link.target)) return [[0.7, 'A link runs a script when it is opened.']];
  if (link.kind !== 'picture' && ACTIVE_DATA.test(link.target)) {
    return [[0.85, 'A link carries a whole page in itself.']];
  }
  const place = placeOf(link.target);
  if (place === null || link.kind === 'picture') return [];
  return [...ofUser(place), ...ofAddress(place), ...ofName(place), ...ofShownAddress(link, place)];
}

/** `https://bank.example@evil.example/`: everything before the @ is a user name. */
function ofUser({ url }: Place): Trick[] {
  const user = decodeURIComponentOrNot(url.username);
  if (!/^[\w-]+(?:\.[\w-]+)+$/.test(user)) return [];
  return [[0.85, 'A link shows a host name where the name of a user stands, and leads to another host.']];
}

function ofAddress({ isIp, url }: Place): Trick[] {
  if (!isIp) return [];
  return CREDENTIALS.test(url.pathname)
    ? [[0.6, 'A link asks for an account at a bare network address.']]
    : [[0.15, 'A link leads to a bare network address.']];
}

function ofName({ host, domain }: Place): Trick[] {
  if (domain === null) return [];
  const [registered = ''] = domain.split('.');
  const labels = host.split('.');
  const above = labels.slice(0, labels.length - domain.split('.').length);
  const tricks: Trick[] = [];
  if (labels.some(isDisguised)) tricks.push([0.85, 'A link leads to a host name in letters that imitate others.']);
  if (imitatedBrand(registered) !== null) {
    tricks.push([0.8, 'A link leads to a host whose name is nearly that of a well-known company.']);
  }
  const named = BRANDS.find((brand) => !isOwn(brand, domain) && partsOf([...above, registered]).includes(brand.label));
  if (named !== undefined) {
    const withEnding =
      new RegExp(`(?:^|\\.)${named.label}\\.(?:com|net|org|co|de|io)\\.`).test(`${host}.`) && above.length > 0;
    tricks.push(
      withEnding
        ? [0.85, 'A link puts the address of a well-known company in front of another domain.']
        : [CREDENTIALS.test(host) ? 0.7 : 0.25, 'A link names a well-known company in a domain of somebody else.'],
    );
  }
  return tricks;
}

/** The words of labels, between hyphens. */
const partsOf = (labels: readonly string[]): string[] => labels.flatMap((label) => [label, ...label.split('-')]);

/** An international label whose letters, read as Latin ones, are no international label any more. */
function isDisguised(label: string): boolean {
  if (!label.startsWith('xn--')) return false;
  const shown = domainToUnicode(label);
  if (shown === '') return true;
  const mixed =
    /\p{Script=Latin}/u.test(shown) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(shown);
  const plain = foldedText(shown).normalize('NFD').replaceAll(/\p{M}/gu, '');
  const imitates =
    BRANDS.some(({ label: brand }) => brand.length > 3 && plain.includes(brand)) || imitatedBrand(plain) !== null;
  return mixed || (imitates && plain !== shown);
}

/** The address that is shown and the one that is opened belong to others. Newsletters do it too, to count clicks. */
function ofShownAddress({ text, written }: Link, { domain, url }: Place): Trick[] {
  const shown = SHOWN_ADDRESS.exec(text)?.groups?.['host'];
  if (shown === undefined || written === 'plain' || domain === null) return [];
  const shownDomain = parse(shown.toLowerCase(), { allowPrivateDomains: true }).domain;
  if (shownDomain === null || shownDomain === domain || url.href.includes(shownDomain)) return [];
  return BRANDS.some((brand) => isOwn(brand, shownDomain) && !isOwn(brand, domain))
    ? [[0.7, 'A link shows the address of a well-known company and leads elsewhere.']]
    : [[0.3, 'A link shows one address and leads to another.']];
}

function decodeURIComponentOrNot(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
