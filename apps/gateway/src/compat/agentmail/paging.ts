import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@postern/contracts';
import { z } from 'zod';
import type { KeptPage } from '../kept-page.js';
import { ok, onlyOffText, present } from './words.js';

/** Of every list and search. */
export const pageFields = {
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
  page_token: z.string().max(1000).optional(),
};
export const listFields = { ...pageFields, ascending: onlyOffText('lists come newest first') };
export const ListQuery = z.strictObject(listFields);

interface Asked {
  limit: number;
  page_token?: string | undefined;
}

/** What of a query {@link keptPage} needs. */
export const pageOfQuery = ({ limit, page_token: token }: Asked) => ({ limit, token });

/** @param name  of the field with the entries. */
export const listReply = (name: string, { limit }: Asked, { entries, token }: KeptPage<unknown>) =>
  ok(present({ count: entries.length, limit, next_page_token: token, [name]: entries }));

/** A page whose entries are asked for one by one. */
export async function mapPage<T, R>(page: KeptPage<T>, map: (entry: T) => R | Promise<R>): Promise<KeptPage<R>> {
  const entries: R[] = [];
  for (const entry of page.entries) entries.push(await map(entry));
  return { entries, token: page.token };
}
