import { CreateWebhooks1763730000000 } from './1763730000000-create-webhooks.js';
import { RememberDeletions1763740000000 } from './1763740000000-remember-deletions.js';
import { AddReplays1763762000000 } from './1763762000000-add-replays.js';
import { AddFormats1763770000000 } from './1763770000000-add-formats.js';
import { CountEvents1763775000000 } from './1763775000000-count-events.js';
import { PartitionEvents1763780000000 } from './1763780000000-partition-events.js';
import { DeleteEndpointsLater1763785000000 } from './1763785000000-delete-endpoints-later.js';
import { KnowInboxAddresses1763786000000 } from './1763786000000-know-inbox-addresses.js';

export const migrations = [
  CreateWebhooks1763730000000,
  RememberDeletions1763740000000,
  AddReplays1763762000000,
  AddFormats1763770000000,
  CountEvents1763775000000,
  PartitionEvents1763780000000,
  DeleteEndpointsLater1763785000000,
  KnowInboxAddresses1763786000000,
];
