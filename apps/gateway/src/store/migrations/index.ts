import { CreateOrganizationsAndKeys20261121140000 } from './20261121140000-create-organizations-and-keys.js';

export const SCHEMA = 'gateway';

/** In the order in which they run. */
export const migrations = [CreateOrganizationsAndKeys20261121140000];
