import { newId, type CommandContext, type Mode, type OrganizationId } from '@postern/contracts';
import { newTraceparent } from '@postern/platform';

/** A caller with every right, of a fresh organization unless one is given. */
export function callerOf(
  given: Partial<CommandContext> & { mode?: Mode; organizationId?: OrganizationId } = {},
): CommandContext {
  return {
    organizationId: newId('org'),
    mode: 'live',
    keyId: newId('key'),
    inboxIds: null,
    requestId: 'req_test',
    traceparent: newTraceparent(),
    idempotency: null,
    ...given,
  };
}
