import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '@postern/contracts';
import { z } from 'zod';

/** `limit` of a list; Sentvia's pages name neither default nor maximum, so they are ours. */
export const limit = z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT);
