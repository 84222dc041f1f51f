import { z } from 'zod';
import { OrganizationId } from './ids.js';

/** Live and test data of one organization never see each other. */
export const Mode = z.enum(['live', 'test']);
export type Mode = z.infer<typeof Mode>;

/** Whose data something is: the first two columns of every table's key. */
export const Tenant = z.object({ organizationId: OrganizationId, mode: Mode });
export type Tenant = z.infer<typeof Tenant>;
