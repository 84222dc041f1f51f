import { CreateMessages20261121130000 } from './20261121130000-create-messages.js';

/** In the order in which they run. */
export const migrations = [CreateMessages20261121130000];
