import { CreateIntake20261121140000 } from './20261121140000-create-intake.js';
import { RememberDeletions20261121180000 } from './20261121180000-remember-deletions.js';

export const migrations = [CreateIntake20261121140000, RememberDeletions20261121180000];
