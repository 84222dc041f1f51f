import { CreateMessages20261121130000 } from './20261121130000-create-messages.js';
import { CreateDailySends20261121150300 } from './20261121150300-create-daily-sends.js';
import { CreateAttachments20261121164000 } from './20261121164000-create-attachments.js';
import { RememberDeletions20261121180000 } from './20261121180000-remember-deletions.js';
import { CreateDrafts20261121190000 } from './20261121190000-create-drafts.js';
import { CreateSearch20261121190500 } from './20261121190500-create-search.js';
import { CreateHistory20261121193000 } from './20261121193000-create-history.js';
import { CreateLoopCoolDowns20261121200500 } from './20261121200500-create-loop-cool-downs.js';
import { CreateListRules20261121201500 } from './20261121201500-create-list-rules.js';
import { OrderListRules20261121201501 } from './20261121201501-order-list-rules.js';
import { ReviseMessages20261121202500 } from './20261121202500-revise-messages.js';
import { KeepOriginals20261121203500 } from './20261121203500-keep-originals.js';
import { CreateBrakes20261121214000 } from './20261121214000-create-brakes.js';
import { CreateKnownDomains20261121214500 } from './20261121214500-create-known-domains.js';
import { RebuildSuppressions20261121220000 } from './20261121220000-rebuild-suppressions.js';
import { AddKinds20261121221000 } from './20261121221000-add-kinds.js';

/** In the order in which they run. */
export const migrations = [
  CreateMessages20261121130000,
  CreateDailySends20261121150300,
  CreateAttachments20261121164000,
  RememberDeletions20261121180000,
  CreateDrafts20261121190000,
  CreateSearch20261121190500,
  CreateHistory20261121193000,
  CreateLoopCoolDowns20261121200500,
  CreateListRules20261121201500,
  OrderListRules20261121201501,
  ReviseMessages20261121202500,
  KeepOriginals20261121203500,
  CreateBrakes20261121214000,
  CreateKnownDomains20261121214500,
  RebuildSuppressions20261121220000,
  AddKinds20261121221000,
];
