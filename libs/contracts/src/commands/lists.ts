import { z } from 'zod';
import { defineCommand } from '../command.js';
import { ListDirection, ListEntry, ListKind, ListListEntriesQuery, UpdateListEntryBody } from '../http/list-entry.js';
import { pageOf } from '../http/page.js';
import { InboxId, ListEntryId } from '../ids.js';
import { Tenant } from '../tenant.js';

const id = z.string();

export const ListListEntries = defineCommand('scan.list_list_entries', ListListEntriesQuery, pageOf(ListEntry));
export const GetListEntry = defineCommand('scan.get_list_entry', z.object({ id }), ListEntry);
export const CreateListEntry = defineCommand(
  'scan.create_list_entry',
  /** As the edge has read it. The inbox exists. */
  z.object({
    inbox_id: InboxId.nullable(),
    kind: ListKind,
    direction: ListDirection,
    pattern: z.string(),
    require_aligned: z.boolean(),
    reason: z.string().nullable(),
  }),
  ListEntry,
);
export const UpdateListEntry = defineCommand(
  'scan.update_list_entry',
  z.object({ id, body: UpdateListEntryBody }),
  ListEntry,
);
export const DeleteListEntry = defineCommand('scan.delete_list_entry', z.object({ id }), z.object({}));

const ListedKey = Tenant.extend({ id: ListEntryId });

/** What projections keep of an entry. */
export const ListedRule = ListedKey.extend({
  inboxId: InboxId.nullable(),
  kind: ListKind,
  direction: ListDirection,
  pattern: z.string(),
  requireAligned: z.boolean(),
  version: z.int().min(1),
});
export type ListedRule = z.infer<typeof ListedRule>;

/**
 * The lists of all tenants, a page at a time, for a projection that begins anew. Each page is as the lists are when it is
 * read; what changes meanwhile comes as facts. The last page has no `next`.
 */
export const GetListSnapshot = defineCommand(
  'scan.get_list_snapshot',
  z.object({ after: ListedKey.nullable() }),
  z.object({ data: z.array(ListedRule), next: ListedKey.nullable() }),
);
