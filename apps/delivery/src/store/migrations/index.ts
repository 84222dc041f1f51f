import { CreateDelivery1763700000000 } from './1763700000000-create-delivery.js';
import { RememberDeletions1763740000000 } from './1763740000000-remember-deletions.js';
import { CreateInboxPauses1795276980000 } from './1795276980000-create-inbox-pauses.js';
import { CreateSendHistory1795289400000 } from './1795289400000-create-send-history.js';
import { CreateReputations1795297000000 } from './1795297000000-create-reputations.js';
import { CreateDomains1795296000000 } from './1795296000000-create-domains.js';
import { KeepEnvelopes1795298400000 } from './1795298400000-keep-envelopes.js';
import { CreatePaces1795299300000 } from './1795299300000-create-paces.js';
import { AskForLife1795299900000 } from './1795299900000-ask-for-life.js';

/** In the order in which they are run. */
export const migrations = [
  CreateDelivery1763700000000,
  RememberDeletions1763740000000,
  CreateInboxPauses1795276980000,
  CreateSendHistory1795289400000,
  CreateDomains1795296000000,
  CreateReputations1795297000000,
  KeepEnvelopes1795298400000,
  CreatePaces1795299300000,
  AskForLife1795299900000,
];
