import { CreateWebhooks1763730000000 } from './1763730000000-create-webhooks.js';
import { RememberDeletions1763740000000 } from './1763740000000-remember-deletions.js';

export const migrations = [CreateWebhooks1763730000000, RememberDeletions1763740000000];
