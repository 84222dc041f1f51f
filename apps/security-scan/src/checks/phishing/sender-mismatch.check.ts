import { getDomain } from 'tldts';
import type { ScannedMail, Sender } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';
import { BRANDS, isOwn } from '../links/brands.js';

const METHOD = 'sender_mismatch';

/** What companies put behind their names; a person called Chase has another name there. */
const DEPARTMENT =
  /^(?:\W*(?:account|accounts|alerts?|billing|bank|care|center|centre|customer|delivery|express|help|info|inc|invoice|mail|no-?reply|notifications?|online|payments?|prime|security|service|services|store|support|team|the|updates?|verification|your|llc|ltd|gmbh|com|365|id|pay|docs|drive)\b\W*)*$/i;
const ADDRESS_IN_NAME = /[\w.+-]{1,64}@(?<domain>[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})/;

/** Looks for senders that show a name which is not theirs. */
export const senderMismatchCheck: Check = {
  name: METHOD,
  direction: 'inbound',
  run: ({ sender }: ScannedMail) =>
    sender === null ? [] : [...ofBrand(sender), ...ofAddressInName(sender), ...ofReplyTo(sender)],
};

const domainOf = (address: string): string | null =>
  getDomain(address.slice(address.lastIndexOf('@') + 1), { allowPrivateDomains: true });

function ofBrand({ name, address, aligned }: Sender): Finding[] {
  const domain = domainOf(address);
  const shown = name.toLowerCase();
  const brand = BRANDS.find((one) => isNameOf(shown, one.name));
  if (brand === undefined || domain === null || isOwn(brand, domain)) return [];
  // A sender that proved its own domain is at least who it is; a name of somebody else it shows all the same.
  const confidence = aligned === true ? 0.45 : aligned === false ? 0.65 : 0.55;
  return [
    finding(
      METHOD,
      'suspicious',
      confidence,
      'The name of the sender is that of a well-known company, its domain is not.',
    ),
  ];
}

function isNameOf(shown: string, brand: string): boolean {
  const at = shown.indexOf(brand);
  return at >= 0 && DEPARTMENT.test(shown.slice(0, at)) && DEPARTMENT.test(shown.slice(at + brand.length));
}

function ofAddressInName({ name, address }: Sender): Finding[] {
  const shown = ADDRESS_IN_NAME.exec(name)?.groups?.['domain'];
  if (shown === undefined || getDomain(shown, { allowPrivateDomains: true }) === domainOf(address)) return [];
  return [finding(METHOD, 'suspicious', 0.6, 'The name of the sender is an address of another domain.')];
}

/** Lists and newsletters answer elsewhere; together with a demand for money it is worth telling. */
function ofReplyTo({ address, replyTo }: Sender): Finding[] {
  const other = replyTo.some((to) => domainOf(to) !== domainOf(address));
  return other ? [finding(METHOD, 'suspicious', 0.1, 'Answers go to another domain than that of the sender.')] : [];
}
