import type { PhaseResult } from '../figures/figure.js';
import { sustainedRate } from '../figures/percentile.js';
import { fullLoad } from '../load/full-load.js';
import type { Inbox } from '../postern/gateway.js';
import { until } from '../postern/until.js';
import type { Bench } from '../run/bench.js';
import { CallCounter } from './call-counter.js';

const EVENTS = 1_000;
const CONNECTIONS = 16;
const UNSETTLED = ['queued', 'sending', 'sent'];

/**
 * Events to one endpoint. The events are made while the webhooks service is held, and everything else has come to rest
 * when it is released, so that its own pace is seen: recording the events and the first call for each.
 */
export async function measureWebhooks(bench: Bench): Promise<PhaseResult> {
  const { stack, gateway } = bench;
  const receiver = await CallCounter.start();
  try {
    const inbox = await gateway.createInbox('bench-webhooks');
    const webhook = await gateway.createWebhook(receiver.url, ['message.sent']);
    await stack.hold('webhooks');
    const load = await fullLoad(gateway, inbox, { connections: CONNECTIONS, until: { requests: EVENTS } });
    const settled = await allDelivered(bench, inbox);
    await stack.release('webhooks');
    await until(async () => ({ done: receiver.events >= load.accepted.size, progress: receiver.events }));
    await gateway.deleteWebhook(webhook);
    const { moments, events } = receiver;
    return {
      figures: [
        { name: 'webhooks.rate', label: 'first calls to one endpoint', value: sustainedRate(moments), unit: '/s' },
        { name: 'webhooks.events', label: 'events told', value: events, unit: '' },
        { name: 'webhooks.repeats', label: 'calls beyond the first', value: moments.length - events, unit: '' },
      ],
      failures: [
        ...(settled ? [] : ['The messages of the webhook phase did not settle.']),
        ...(events === EVENTS ? [] : [`${events} of ${EVENTS} events reached the endpoint.`]),
      ],
    };
  } finally {
    await receiver.stop();
  }
}

/** @returns false when messages stood still before they were delivered. */
async function allDelivered({ gateway, sandbox }: Bench, inbox: Inbox): Promise<boolean> {
  return until(async () => {
    const unsettled = await Promise.all(UNSETTLED.map((status) => gateway.hasMessages(inbox, status)));
    return { done: !unsettled.includes(true), progress: await sandbox.count() };
  });
}
