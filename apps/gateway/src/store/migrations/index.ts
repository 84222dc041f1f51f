import { CreateOrganizationsAndKeys20261121140000 } from './20261121140000-create-organizations-and-keys.js';
import { CreateRateWindows20261121150200 } from './20261121150200-create-rate-windows.js';
import { CreateCredits20261121150300 } from './20261121150300-create-credits.js';
import { CreateAuditLog20261121150900 } from './20261121150900-create-audit-log.js';
import { NameMessagesInOutbox20261121180000 } from './20261121180000-name-messages-in-outbox.js';
import { ForgetRateWindowsInTime20261121223000 } from './20261121223000-forget-rate-windows-in-time.js';

export const SCHEMA = 'gateway';

/** In the order in which they run. */
export const migrations = [
  CreateOrganizationsAndKeys20261121140000,
  CreateRateWindows20261121150200,
  CreateCredits20261121150300,
  CreateAuditLog20261121150900,
  NameMessagesInOutbox20261121180000,
  ForgetRateWindowsInTime20261121223000,
];
