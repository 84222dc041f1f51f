import { CreateVerdicts20261121140000 } from './20261121140000-create-verdicts.js';
import { CreateExtractedTexts20261121174500 } from './20261121174500-create-extracted-texts.js';
import { RememberDeletions20261121180000 } from './20261121180000-remember-deletions.js';
import { CreateCancelledMessages20261121181000 } from './20261121181000-create-cancelled-messages.js';
import { CreatePolicies20261121200000 } from './20261121200000-create-policies.js';
import { CreateLists20261121201000 } from './20261121201000-create-lists.js';
import { ReviseApprovals20261121202000 } from './20261121202000-revise-approvals.js';
import { CountTries20261121203000 } from './20261121203000-count-tries.js';
import { BlockVersions20261121233000 } from './20261121233000-block-versions.js';

/** In the order in which they run. */
export const migrations = [
  CreateVerdicts20261121140000,
  CreateExtractedTexts20261121174500,
  RememberDeletions20261121180000,
  CreateCancelledMessages20261121181000,
  CreatePolicies20261121200000,
  CreateLists20261121201000,
  ReviseApprovals20261121202000,
  CountTries20261121203000,
  BlockVersions20261121233000,
];
