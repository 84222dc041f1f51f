import { join } from 'node:path';
import { serveDns } from './dns/dns-server.js';
import { createFaults } from './faults/faults.js';
import { listen } from './http/listen.js';
import { createQueryRoute } from './http/query-route.js';
import { createRouting } from './http/routing.js';
import { log } from './log.js';
import { createLateEvents } from './mailbox/late-events.js';
import { createMailbox } from './mailbox/mailbox.js';
import { createReceiving } from './mailbox/receive.js';
import { createSandboxRoutes } from './mailbox/routes.js';
import type { SandboxOptions } from './options.js';
import { openObjectStore } from './s3/object-store.js';
import { createS3Route } from './s3/s3-route.js';
import { sesActions } from './ses/actions.js';
import { createAfterTake } from './ses/after-take.js';
import { createFeedback } from './ses/feedback.js';
import { setVerified } from './ses/identities.js';
import { createSendCall } from './ses/send-call.js';
import { createSendingQuota } from './ses/sending-quota.js';
import { createSmtpHandOn } from './ses/smtp-hand-on.js';
import { snsActions } from './sns/actions.js';
import { DEFAULT_KEY_BITS } from './sns/signing-key.js';
import { createSns } from './sns/sns.js';
import { openState } from './state/state-file.js';
import { createTimers } from './timers.js';

export interface Sandbox {
  /** Where everything is: SES, SNS, S3 and `/_sandbox`; its DNS is at the same port by UDP. */
  readonly url: string;
  /** Address of the certificate that notifications are signed with. */
  readonly certificateUrl: string;
  /** Ends at once; deliveries under way are lost. Safe to call twice. */
  stop(): Promise<void>;
}

const originOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * Starts a sandbox in this process.
 * @throws when the port or the state directory cannot be had.
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const { host = '127.0.0.1', port = 0, region = 'us-east-1' } = options;
  const store = await openState(options.stateDir, options.signingKeyBits ?? DEFAULT_KEY_BITS);
  for (const domain of options.verifiedDomains ?? []) setVerified(store.state, domain, true);
  await store.save();
  const objects = await openObjectStore(join(options.stateDir, 's3'));
  const listening = await listen(host, port);
  const dns = await serveDns(store.state.dns, host, listening.port);
  const url = options.publicUrl ?? originOf(host, listening.port);

  const timers = createTimers();
  const faults = createFaults();
  const mailbox = createMailbox();
  const quota = createSendingQuota();
  const sns = createSns(store, url, timers);
  const feedback = createFeedback(store.state, sns, faults, timers, region);
  const handOn = options.smtp === undefined ? undefined : createSmtpHandOn(options.smtp, timers);
  const afterTake = createAfterTake(feedback, timers, region, { domain: options.localDomain?.toLowerCase(), handOn });
  const sendCall = createSendCall({ state: store.state, mailbox, quota, region }, faults, afterTake);

  const route = createRouting({
    query: createQueryRoute(sesActions(store, quota), sendCall, snsActions(store, sns, region)),
    s3: createS3Route(objects),
    sandbox: createSandboxRoutes({
      mailbox,
      faults,
      quota,
      store,
      dns,
      lateEvents: createLateEvents(mailbox, feedback, region),
      receiving: createReceiving(store.state, sns, objects),
      objects,
    }),
    signingKey: store.state.signingKey,
  });
  listening.serve((request, response) => {
    route(request, response).catch((error: Error) => {
      log('request_failed', { reason: error.message });
      response.destroy();
    });
  });

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    timers.stop();
    sns.stop();
    handOn?.stop();
    await Promise.all([listening.stop(), dns.stop()]);
  };

  return {
    url,
    certificateUrl: url + store.state.signingKey.certificatePath,
    stop: () => (stopping ??= stop()),
  };
};
