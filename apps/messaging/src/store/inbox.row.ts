import type { Inbox, InboxId, Mode, OnFlagged, OrganizationId, PausedReason, SecurityLevel } from '@postern/contracts';

/** An inbox as it is stored, with its counters. */
export interface InboxRow {
  organization_id: OrganizationId;
  mode: Mode;
  id: InboxId;
  slug: string;
  address: string;
  domain: string;
  display_name: string | null;
  security_level: SecurityLevel;
  status: 'active' | 'paused';
  /** Null while it is active. */
  paused_reason: PausedReason | null;
  on_flagged: OnFlagged;
  undo_seconds: number;
  daily_send_limit: number | null;
  /** Null in rows of older versions: one. */
  approvals_required: number | null;
  /** Null: as long as the guard is set up. */
  approval_ttl_seconds: number | null;
  metadata: Record<string, string>;
  version: number;
  created_at: Date;
  updated_at: Date;
  sent_today: number;
  flagged: number;
  withheld: number;
  bounced: number;
  complained: number;
}

/** The counters of a fresh inbox. */
export const NO_COUNTS = { sent_today: 0, flagged: 0, withheld: 0, bounced: 0, complained: 0 };

export function toInbox(row: InboxRow): Inbox {
  return {
    id: row.id,
    slug: row.slug,
    address: row.address,
    display_name: row.display_name,
    domain: row.domain,
    security_level: row.security_level,
    status: row.status,
    paused_reason: row.paused_reason,
    on_flagged: row.on_flagged,
    undo_seconds: row.undo_seconds,
    daily_send_limit: row.daily_send_limit,
    approvals_required: row.approvals_required ?? 1,
    approval_ttl_seconds: row.approval_ttl_seconds,
    metadata: row.metadata,
    counters: {
      sent_today: row.sent_today,
      flagged: row.flagged,
      withheld: row.withheld,
      bounced: row.bounced,
      complained: row.complained,
    },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
