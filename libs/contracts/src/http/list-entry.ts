import { z } from 'zod';
import { addressKey, checkAddress } from '../address-syntax.js';
import { DomainPattern } from '../domain-pattern.js';
import { InboxId, ListEntryId } from '../ids.js';
import { PageQuery } from './page.js';
import { Timestamp } from './timestamp.js';

const PATTERN_MAX = 255;
const REASON_MAX = 500;
/** A local part by its syntax; who writes it means the domain. */
const EVERYBODY_AT = '*@';

export const ListKind = z.enum(['allow', 'block']);
export type ListKind = z.infer<typeof ListKind>;

export const ListDirection = z.enum(['send', 'receive', 'reply']);
export type ListDirection = z.infer<typeof ListDirection>;

export const ListEntry = z.object({
  id: ListEntryId,
  inbox_id: InboxId.nullable().meta({ description: 'null: every inbox of the organization' }),
  kind: ListKind,
  direction: ListDirection.meta({
    description: '`reply` is for those who wrote the mail that a message answers; without such an entry `send` decides',
  }),
  pattern: z.string().meta({ description: 'in lower case, with A-labels', example: '*.example.com' }),
  require_aligned: z.boolean().meta({
    description:
      'of an allow entry for receiving: counts only for mail whose sender is proven (`authentication.aligned`)',
  }),
  reason: z.string().nullable().meta({ description: 'why somebody made it' }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type ListEntry = z.infer<typeof ListEntry>;

/** An address, a domain, or `*.` and a domain, in the form in which it is compared. */
export const ListPattern = z
  .string()
  .max(PATTERN_MAX)
  .transform((text, ctx): string => {
    if (text.includes('@')) {
      const verdict = checkAddress(text);
      if ('address' in verdict && !text.startsWith(EVERYBODY_AT)) return addressKey(verdict.address);
    } else {
      const domain = DomainPattern.safeParse(text);
      if (domain.success) return domain.data;
    }
    const message = 'must be an address, a domain such as example.com, or *.example.com for every name below it';
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({ description: 'an address, a domain, or `*.` and a domain for every name below it', example: 'example.com' });

/** A proven sender only means something where mail from that sender is let in. */
export const ALIGNED_FOR_RECEIVING = 'is for allow entries with the direction receive only';
export const mayRequireAligned = ({ kind, direction }: Pick<ListEntry, 'kind' | 'direction'>): boolean =>
  kind === 'allow' && direction === 'receive';

const reason = z.string().max(REASON_MAX).nullable();

export const CreateListEntryBody = z
  .strictObject({
    inbox_id: InboxId.nullable().default(null),
    kind: ListKind,
    direction: ListDirection,
    pattern: ListPattern,
    require_aligned: z.boolean().default(false),
    reason: reason.default(null),
  })
  .refine((entry) => !entry.require_aligned || mayRequireAligned(entry), {
    path: ['require_aligned'],
    message: ALIGNED_FOR_RECEIVING,
  });
export type CreateListEntryBody = z.infer<typeof CreateListEntryBody>;

/** Scope, direction and pattern are what an entry is: another one is made for others. */
export const UpdateListEntryBody = z.strictObject({
  kind: ListKind.optional(),
  require_aligned: z.boolean().optional(),
  reason: reason.optional(),
});
export type UpdateListEntryBody = z.infer<typeof UpdateListEntryBody>;

export const ListListEntriesQuery = z.strictObject({
  ...PageQuery,
  inbox_id: InboxId.optional(),
  kind: ListKind.optional(),
  direction: ListDirection.optional(),
  pattern: ListPattern.optional(),
});
export type ListListEntriesQuery = z.infer<typeof ListListEntriesQuery>;
