import { CreateVerdicts20261121140000 } from './20261121140000-create-verdicts.js';

/** In the order in which they run. */
export const migrations = [CreateVerdicts20261121140000];
