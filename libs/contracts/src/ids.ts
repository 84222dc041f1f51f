import { TypeID, typeidUnboxed } from 'typeid-js';
import { z } from 'zod';

/**
 * Ids are TypeIDs: a prefix, `_`, and a UUIDv7 in 26 characters of base32. They sort by the time they were made,
 * which is what keyset paging and time-ranged partitions rest on.
 */
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

function idSchema<P extends string>(prefix: P) {
  const head = `${prefix}_`;
  const isId = (value: string): boolean => value.startsWith(head) && SUFFIX.test(value.slice(head.length));
  return z
    .string()
    .refine(isId, { message: `must be an id that starts with ${head}` })
    .meta({ description: `TypeID with prefix ${prefix}`, example: `${head}01k9x5e8w2f7h8j9k0m1n2p3q4` })
    .brand<P>();
}

export const OrganizationId = idSchema('org');
export const KeyId = idSchema('key');
export const InboxId = idSchema('inb');
export const MessageId = idSchema('msg');
export const ThreadId = idSchema('thr');
export const AttachmentId = idSchema('att');
export const ApprovalId = idSchema('apr');
export const ListEntryId = idSchema('lst');
export const PolicyId = idSchema('pol');
export const WebhookId = idSchema('whk');
export const DeliveryId = idSchema('dlv');
export const EventId = idSchema('evt');
export const SuppressionId = idSchema('sup');
export const DraftId = idSchema('drf');
export const DomainId = idSchema('dom');
export const AuditId = idSchema('aud');
export const CreditEntryId = idSchema('crd');
/** Work that was accepted and goes on in the background. */
export const JobId = idSchema('job');
/** A mail as ingest took it in, before it is known which message it becomes. Internal: never shown to clients. */
export const MailId = idSchema('mail');

export type OrganizationId = z.infer<typeof OrganizationId>;
export type KeyId = z.infer<typeof KeyId>;
export type InboxId = z.infer<typeof InboxId>;
export type MessageId = z.infer<typeof MessageId>;
export type ThreadId = z.infer<typeof ThreadId>;
export type AttachmentId = z.infer<typeof AttachmentId>;
export type ApprovalId = z.infer<typeof ApprovalId>;
export type ListEntryId = z.infer<typeof ListEntryId>;
export type PolicyId = z.infer<typeof PolicyId>;
export type WebhookId = z.infer<typeof WebhookId>;
export type DeliveryId = z.infer<typeof DeliveryId>;
export type EventId = z.infer<typeof EventId>;
export type SuppressionId = z.infer<typeof SuppressionId>;
export type DraftId = z.infer<typeof DraftId>;
export type DomainId = z.infer<typeof DomainId>;
export type AuditId = z.infer<typeof AuditId>;
export type CreditEntryId = z.infer<typeof CreditEntryId>;
export type JobId = z.infer<typeof JobId>;
export type MailId = z.infer<typeof MailId>;

interface IdByPrefix {
  org: OrganizationId;
  key: KeyId;
  inb: InboxId;
  msg: MessageId;
  thr: ThreadId;
  att: AttachmentId;
  apr: ApprovalId;
  lst: ListEntryId;
  pol: PolicyId;
  whk: WebhookId;
  dlv: DeliveryId;
  evt: EventId;
  sup: SuppressionId;
  drf: DraftId;
  dom: DomainId;
  aud: AuditId;
  crd: CreditEntryId;
  job: JobId;
  mail: MailId;
}
export type IdPrefix = keyof IdByPrefix;

/** Makes a fresh id of the given kind. */
export function newId<P extends IdPrefix>(prefix: P): IdByPrefix[P] {
  return typeidUnboxed(prefix) as unknown as IdByPrefix[P];
}

/** Tells whether a string is a well-formed id of the given kind. A malformed id is treated like an unknown one (404). */
export function isId(prefix: IdPrefix, value: string): boolean {
  return value.startsWith(`${prefix}_`) && SUFFIX.test(value.slice(prefix.length + 1));
}

/**
 * The same id under another prefix: `evt_X` → `dlv_X`. Used where one fact makes exactly one thing, so that
 * making it twice gives the same id.
 */
export function sameIdAs<P extends IdPrefix>(prefix: P, id: string): IdByPrefix[P] {
  return `${prefix}_${id.slice(id.lastIndexOf('_') + 1)}` as unknown as IdByPrefix[P];
}

/**
 * The lowest id that could have been made at a time: partition bounds and time filters compare with it.
 * @param at  only the millisecond counts; the other 80 bits are zero.
 */
export function lowestIdAt(prefix: IdPrefix, at: Date): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(at.getTime()) << 16n);
  return TypeID.fromUUIDBytes(prefix, bytes).toString();
}

/** The time inside an id (UUIDv7, RFC 9562 §5.7: the first 48 bits are Unix milliseconds). */
export function timeOf(id: string): Date {
  const bytes = TypeID.fromString(id).toUUIDBytes();
  const high = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return new Date(Number(high >> 16n));
}

/** The organization that platform-wide facts belong to (for example feedback that carries no tag of ours). */
export const PLATFORM_ORGANIZATION = 'org_00000000000000000000000000' as unknown as OrganizationId;
