import { type CommandContext, type Fact, InboxChangedV1 } from '@postern/contracts';
import type { NewFact } from '@postern/eventing';
import { type InboxRow, toInbox } from '../store/inbox.row.js';

export type InboxChange = Fact<typeof InboxChangedV1>['data']['change'];

/** The fact that an inbox was made, changed or deleted. @param row  as it is after that. @param by  `keyId` is null for the system. */
export const inboxChanged = (
  by: Pick<CommandContext, 'keyId'>,
  row: InboxRow,
  change: InboxChange,
): NewFact<typeof InboxChangedV1> => ({
  organizationId: row.organization_id,
  mode: row.mode,
  data: { change, inbox: toInbox(row), version: row.version, actor: by.keyId },
});
