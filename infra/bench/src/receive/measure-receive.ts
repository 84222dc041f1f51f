import { latencyFigures, type PhaseResult } from '../figures/figure.js';
import { sustainedRate } from '../figures/percentile.js';
import { smtpLoad } from '../load/smtp-load.js';
import { EventReader } from '../postern/event-reader.js';
import type { Bench } from '../run/bench.js';

const CONNECTIONS = 16;
const TEXT = 'Thank you, the parcel has arrived and everything is as it should be. We shall order again.\n'.repeat(3);

/** Mail that comes by SMTP: how much is taken, and how long until its message can be read. */
export async function measureReceive({ stack, gateway, seconds }: Bench): Promise<PhaseResult> {
  const inbox = await gateway.createInbox('bench-receive');
  const reader = new EventReader(gateway, ['message.received']);
  await reader.more();
  const mailOf = (subject: string) => ({ from: 'Ann <ann@example.com>', to: inbox.address, subject, text: TEXT });
  const load = await smtpLoad(stack.local.smtp, inbox.address, mailOf, {
    connections: CONNECTIONS,
    seconds: seconds.receive,
  });
  const received = await reader.read((events) => events.length >= load.taken.length);
  const receivedAt = new Map(received.map(({ data, at }) => [data.subject, at]));
  const latencies = load.taken.flatMap(({ subject, from }) => {
    const at = receivedAt.get(subject);
    return at === undefined ? [] : [at - from];
  });
  const lost = load.taken.length - latencies.length;
  const doubled = received.length - receivedAt.size;
  return {
    figures: [
      {
        name: 'receive.rate',
        label: 'mails answered 250, 16 connections',
        value: load.taken.length / load.seconds,
        unit: '/s',
      },
      { name: 'receive.refused', label: 'mails refused', value: load.refused, unit: '' },
      {
        name: 'receive.received_rate',
        label: 'message.received, sustained',
        value: sustainedRate(received.map(({ at }) => at)),
        unit: '/s',
      },
      ...latencyFigures('receive.until_received', 'handed in → message.received', latencies),
    ],
    failures: [
      ...(lost === 0 ? [] : [`${lost} mails answered 250 became no message.`]),
      ...(doubled === 0 ? [] : [`${doubled} mails became more than one message.`]),
      ...(load.refused === 0 ? [] : [`${load.refused} mails were refused.`]),
    ],
  };
}
