import { CreateWebhooks1763730000000 } from './1763730000000-create-webhooks.js';

export const migrations = [CreateWebhooks1763730000000];
