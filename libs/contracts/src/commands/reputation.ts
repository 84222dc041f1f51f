import { z } from 'zod';
import { defineCommand } from '../command.js';
import { OrganizationReputation } from '../http/reputation.js';

/** Of the organization and mode in the context: the whole, its domains, and the inboxes that stand out. */
export const GetReputation = defineCommand('delivery.get_reputation', z.object({}), OrganizationReputation);

/**
 * Lifts the brakes of the organization and mode in the context, of one domain when it is given. Counting begins anew. What
 * is not braked stays as it is. The brake of an inbox is lifted by resuming the inbox.
 */
export const LiftBrakes = defineCommand(
  'delivery.lift_brakes',
  z.object({ domain: z.string().optional() }),
  OrganizationReputation,
);
