/** Names that phishing borrows most (Cloudflare, "50 most impersonated brands", 2023; APWG reports), each with what is its own. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  adobe: ['adobe.com', 'adobesign.com', 'echosign.com'],
  'american express': ['americanexpress.com', 'aexp.com'],
  amazon: [
    'amazon.com',
    'amazon.co.uk',
    'amazon.de',
    'amazon.fr',
    'amazon.co.jp',
    'amazonses.com',
    'aws.com',
    'amazonaws.com',
  ],
  apple: ['apple.com', 'icloud.com'],
  'bank of america': ['bankofamerica.com', 'bofa.com'],
  binance: ['binance.com'],
  booking: ['booking.com'],
  chase: ['chase.com', 'jpmorgan.com'],
  citibank: ['citi.com', 'citibank.com'],
  coinbase: ['coinbase.com'],
  dhl: ['dhl.com', 'dhl.de'],
  docusign: ['docusign.com', 'docusign.net'],
  dropbox: ['dropbox.com', 'dropboxmail.com'],
  ebay: ['ebay.com', 'ebay.de', 'ebay.co.uk'],
  facebook: ['facebook.com', 'facebookmail.com', 'meta.com'],
  fedex: ['fedex.com'],
  github: ['github.com', 'githubusercontent.com'],
  google: ['google.com', 'googlemail.com', 'gmail.com', 'youtube.com'],
  hsbc: ['hsbc.com', 'hsbc.co.uk'],
  instagram: ['instagram.com'],
  linkedin: ['linkedin.com'],
  mastercard: ['mastercard.com'],
  metamask: ['metamask.io'],
  microsoft: [
    'microsoft.com',
    'microsoftonline.com',
    'office.com',
    'office365.com',
    'live.com',
    'outlook.com',
    'sharepoint.com',
  ],
  netflix: ['netflix.com'],
  office365: ['office.com', 'office365.com', 'microsoft.com'],
  outlook: ['outlook.com', 'microsoft.com', 'live.com'],
  paypal: ['paypal.com', 'paypal.de', 'paypal.co.uk'],
  'royal mail': ['royalmail.com'],
  spotify: ['spotify.com'],
  steam: ['steampowered.com', 'steamcommunity.com'],
  stripe: ['stripe.com'],
  'wells fargo': ['wellsfargo.com', 'wf.com'],
  whatsapp: ['whatsapp.com'],
  ups: ['ups.com'],
  usps: ['usps.com'],
  zoom: ['zoom.us', 'zoom.com'],
};

export interface Brand {
  /** As people write it, lower case. */
  name: string;
  /** In one word, as it stands in host names. */
  label: string;
  domains: readonly string[];
}

export const BRANDS: readonly Brand[] = Object.entries(OWN).map(([name, domains]) => ({
  name,
  label: name.replaceAll(' ', ''),
  domains,
}));

/** Whether a registered domain belongs to the brand; also those under other endings, such as `amazon.it`. */
export const isOwn = (brand: Brand, domain: string): boolean =>
  brand.domains.includes(domain) || domain.slice(0, domain.indexOf('.')) === brand.label;

/** Shorter names are parts of too many words. */
const LABEL_MIN_CHARS = 5;
const DIGITS: Readonly<Record<string, string>> = { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't' };

/** The brand that a label imitates by other letters: `paypa1`, `rnicrosoft`, `amaz0n`, one letter too many; null when it is none. */
export function imitatedBrand(label: string): Brand | null {
  const read = label
    .replaceAll(/[013457]/g, (digit) => DIGITS[digit] ?? digit)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
  return (
    BRANDS.find(
      (brand) =>
        brand.label.length >= LABEL_MIN_CHARS &&
        label !== brand.label &&
        (read === brand.label || (label.length > LABEL_MIN_CHARS && isOneLetterOff(label, brand.label))),
    ) ?? null
  );
}

/** One letter added or left out, or two neighbours swapped. Another letter in its place makes other words: `chase`, `phase`. */
function isOneLetterOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let same = 0;
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same += 1;
  if (a.length > b.length) return a.slice(same + 1) === b.slice(same);
  if (a.length < b.length) return a.slice(same) === b.slice(same + 1);
  return a[same] === b[same + 1] && a[same + 1] === b[same] && a.slice(same + 2) === b.slice(same + 2);
}
