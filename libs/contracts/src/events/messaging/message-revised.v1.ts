import { defineEvent } from '../../frame.js';
import { ApprovalId } from '../../ids.js';
import { RevisionCause } from '../scan/revision-requested.v1.js';
import { OutboundVersion } from './message-accepted.v1.js';

export const MessageRevisedV1 = defineEvent(
  'messaging.message.revised.v1',
  'messaging',
  'An outbound message has another content, which may be scanned. Once per version after the first.',
  OutboundVersion.extend({
    cause: RevisionCause,
    /** The approval that goes on with this version; null when nobody was asked yet. */
    approvalId: ApprovalId.nullable(),
  }),
);
