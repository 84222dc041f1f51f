import type { UpdateInboxBody } from '@postern/contracts';
import type { InboxRow } from '../store/inbox.row.js';

/** What can be set when an inbox is made, and later. */
export type InboxSettings = Pick<
  InboxRow,
  | 'display_name'
  | 'security_level'
  | 'on_flagged'
  | 'undo_seconds'
  | 'daily_send_limit'
  | 'approvals_required'
  | 'approval_ttl_seconds'
  | 'metadata'
>;

const DEFAULTS: InboxSettings = {
  display_name: null,
  security_level: 'guarded_send',
  on_flagged: 'hold',
  undo_seconds: 0,
  daily_send_limit: null,
  approvals_required: 1,
  approval_ttl_seconds: null,
  metadata: {},
};

/** The settings of a new inbox. */
export const settingsOf = (body: UpdateInboxBody): InboxSettings => ({ ...DEFAULTS, ...settingsToChange(body) });

/** What a body says: what is absent stays as it is, null goes back to the default. */
export const settingsToChange = (body: UpdateInboxBody): Partial<InboxSettings> => ({
  ...(body.display_name !== undefined && { display_name: body.display_name }),
  ...(body.security_level !== undefined && { security_level: body.security_level ?? DEFAULTS.security_level }),
  ...(body.on_flagged !== undefined && { on_flagged: body.on_flagged ?? DEFAULTS.on_flagged }),
  ...(body.undo_seconds !== undefined && { undo_seconds: body.undo_seconds ?? DEFAULTS.undo_seconds }),
  ...(body.daily_send_limit !== undefined && { daily_send_limit: body.daily_send_limit }),
  ...(body.approvals_required !== undefined && {
    approvals_required: body.approvals_required ?? DEFAULTS.approvals_required,
  }),
  ...(body.approval_ttl_seconds !== undefined && { approval_ttl_seconds: body.approval_ttl_seconds }),
  ...(body.metadata !== undefined && { metadata: body.metadata ?? DEFAULTS.metadata }),
});
