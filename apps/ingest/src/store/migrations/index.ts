import { CreateIntake20261121140000 } from './20261121140000-create-intake.js';

export const migrations = [CreateIntake20261121140000];
