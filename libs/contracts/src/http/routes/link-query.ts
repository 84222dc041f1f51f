import { z } from 'zod';

/** Of routes that a signed link leads to. */
export const LinkQuery = z.strictObject({
  token: z.string().optional().meta({ description: 'Of a signed link; takes the place of a key' }),
});
