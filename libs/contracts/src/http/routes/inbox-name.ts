import { z } from 'zod';

/** RFC 5321 §4.5.3.1.3: the longest address; ids and slugs are shorter. */
const ADDRESS_MAX = 254;

/** `{inbox}` in a path: the id, the slug or the full address. */
export const InboxName = z
  .string()
  .min(1)
  .max(ADDRESS_MAX)
  .meta({ description: 'The id, the slug or the full address of an inbox', example: 'support' });
