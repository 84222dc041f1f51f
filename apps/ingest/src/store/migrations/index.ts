import { CreateIntake20261121140000 } from './20261121140000-create-intake.js';
import { RememberDeletions20261121180000 } from './20261121180000-remember-deletions.js';
import { HoldContent20261121203000 } from './20261121203000-hold-content.js';
import { FetchMails20261121231000 } from './20261121231000-fetch-mails.js';
import { KnowLevels20261121231500 } from './20261121231500-know-levels.js';
import { KeepProviderScan20261122030000 } from './20261122030000-keep-provider-scan.js';

export const migrations = [
  CreateIntake20261121140000,
  RememberDeletions20261121180000,
  HoldContent20261121203000,
  FetchMails20261121231000,
  KnowLevels20261121231500,
  KeepProviderScan20261122030000,
];
