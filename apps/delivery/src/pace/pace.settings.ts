import { OrganizationId } from '@postern/contracts';
import { setting, wholeNumber } from '@postern/platform';
import { z } from 'zod';

const DAY_SECONDS = 24 * 3600;
const MAX_WEIGHT = 100;

export const paceSettings = {
  DELIVERY_WEIGHTS: setting(weights(), {
    description:
      'Organizations with a larger share of the sending rate than others, as ID=N separated by commas: N of 2 to 100 messages in each round instead of one.',
    default: '',
    example: 'org_01k9w3v5e8f0g9h7j6k5m4n3p2=4',
  }),
  DELIVERY_DELAY_NOTICE_SECONDS: setting(wholeNumber(1, DAY_SECONDS), {
    description: 'How long a message waits for the sending rate, or for SES, before its recipients show the reason.',
    unit: 'seconds',
    default: '10',
    example: '30',
  }),
};

/** `ID=N` each. */
function weights(): z.ZodType<ReadonlyMap<string, number>> {
  return z.string().transform((text, context) => {
    const found = new Map<string, number>();
    for (const part of text.split(',').flatMap((one) => one.trim() || [])) {
      const [id, weight] = part.split('=');
      const organization = OrganizationId.safeParse(id);
      const share = Number(weight);
      if (organization.success && Number.isInteger(share) && share >= 2 && share <= MAX_WEIGHT) {
        found.set(organization.data, share);
      } else {
        const message = `"${part}" must be an organization's id, =, and 2 to ${MAX_WEIGHT}`;
        context.addIssue({ code: 'custom', message });
      }
    }
    return found;
  });
}
