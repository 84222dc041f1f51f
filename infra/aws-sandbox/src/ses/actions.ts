import type { QueryAction } from '../http/query-protocol.js';
import type { StateStore } from '../state/state.js';
import { configurationSetActions } from './configuration-sets.js';
import { identityActions } from './identities.js';
import type { SendingQuota } from './sending-quota.js';

export const SES_VERSION = '2010-12-01';
export const SES_NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** The SES operations other than SendRawEmail, by name. */
export const sesActions = (store: StateStore, quota: SendingQuota): Record<string, QueryAction> => ({
  ...identityActions(store),
  ...configurationSetActions(store),
  GetSendQuota: () => ({
    Max24HourSend: quota.current.max24HourSend,
    MaxSendRate: quota.current.maxSendRate,
    SentLast24Hours: quota.sentLast24Hours(),
  }),
  GetAccountSendingEnabled: () => ({ Enabled: true }),
});
