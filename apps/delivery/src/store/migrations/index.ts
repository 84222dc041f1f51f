import { CreateDelivery1763700000000 } from './1763700000000-create-delivery.js';

/** In the order in which they are run. */
export const migrations = [CreateDelivery1763700000000];
