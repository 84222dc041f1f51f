import { checkAddress, lowestIdAt, type ListMessagesQuery, readAddress } from '@postern/contracts';
import { foldCase, gramsOfPart, searchKey } from '../search/search-keys.js';
import type { IdBounds } from '../store/search-read.store.js';
import type { StateWish } from '../store/state-conditions.js';

type Filters = Partial<ListMessagesQuery>;

/** Below and above every id of a message. */
const LOWEST = 'msg_';
const HIGHEST = 'msg_~';

/** A message is made at the time that its id says, so times are ids. Times beyond a millisecond round up. */
const idAt = (time: string): string => {
  const [, fraction = ''] = /\.\d{3}(\d+)/.exec(time) ?? [];
  const at = new Date(time).getTime() + (/[1-9]/.test(fraction) ? 1 : 0);
  return lowestIdAt('msg', new Date(Math.max(0, at)));
};

/** Between which ids the filters leave messages. */
export function idBounds({ since, until, after }: Filters): IdBounds {
  // The lowest id of a time is no message's: all of its random bits would have to be zero.
  const lowest = [LOWEST, since === undefined ? LOWEST : idAt(since), after ?? LOWEST].toSorted();
  return { above: lowest.at(-1) ?? LOWEST, below: until === undefined ? HIGHEST : idAt(until) };
}

/** Whether only the search index knows. */
export const needsIndex = ({ q, subject, from, to, label }: Filters): boolean =>
  [q, subject, from, to, label].some((value) => value !== undefined);

export const searchedSubject = ({ subject }: Filters): string | null =>
  subject === undefined ? null : foldCase(subject);

/** Filters match on the address, with a name before it or not, and in its ASCII form. */
function askedAddress(filter: string): string {
  const address = readAddress(filter)?.address ?? filter;
  const checked = checkAddress(address);
  return 'address' in checked ? checked.address : address;
}

/** The keys that a message must have in the index. */
export const searchedKeys = ({ subject, from, to, label, direction, has_attachments }: Filters): string[] => [
  ...(subject === undefined ? [] : gramsOfPart(foldCase(subject))),
  ...(from === undefined ? [] : [searchKey.from(askedAddress(from))]),
  ...(to === undefined ? [] : [searchKey.to(askedAddress(to))]),
  ...(label === undefined ? [] : [searchKey.label(label)]),
  ...(direction === undefined ? [] : [searchKey.direction(direction)]),
  ...(has_attachments === true ? [searchKey.withAttachments] : []),
];

/**
 * What is asked of the state of messages. Whoever may not read withheld mail does not find it by its content either, so
 * that no search tells what is in it.
 */
export const stateWish = (filters: Filters, readWithheld: boolean): StateWish => ({
  direction: filters.direction,
  delivery: filters.delivery_status,
  security: filters.security_status,
  hasAttachments: filters.has_attachments,
  hidesWithheld: !readWithheld && (filters.q !== undefined || filters.subject !== undefined),
});
