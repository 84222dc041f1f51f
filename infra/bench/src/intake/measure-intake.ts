import { latencyFigures, type Figure, type PhaseResult } from '../figures/figure.js';
import { sustainedRate } from '../figures/percentile.js';
import { smtpLoad } from '../load/smtp-load.js';
import { EventReader } from '../postern/event-reader.js';
import { processesOf } from '../processes/proc.js';
import { residenceDuring } from '../processes/resident.js';
import type { Bench } from '../run/bench.js';
import { parserAlone } from './parser-alone.js';
import { sizedMail } from './sized-mail.js';

const CONNECTIONS = 16;
const SIZES = [
  { name: '2kb', label: '2 KB', sizeBytes: 2_000 },
  { name: '200kb', label: '200 KB', sizeBytes: 200_000 },
] as const;
/** Enough for both processes that parse mail to be there and warm. */
const WARM_SECONDS = 1;

/** What mail by SMTP costs beside the parsing of it: mailparser alone reads the same mails in the same run. */
export async function measureIntake(bench: Bench): Promise<PhaseResult> {
  const results: PhaseResult[] = [];
  for (const size of SIZES) results.push(await measureSize(bench, size));
  return {
    figures: results.flatMap(({ figures }) => figures),
    failures: results.flatMap(({ failures }) => failures),
  };
}

async function measureSize(
  { stack, gateway, seconds }: Bench,
  { name, label, sizeBytes }: (typeof SIZES)[number],
): Promise<PhaseResult> {
  const alone = await parserAlone(sizeBytes, seconds.intake);
  const inbox = await gateway.createInbox(`bench-intake-${name}`);
  const reader = new EventReader(gateway, ['message.received']);
  const send = (words: string, length: number) =>
    smtpLoad(stack.local.smtp, inbox.address, (subject) => ({ raw: sizedMail(`${words} ${subject}`, sizeBytes) }), {
      connections: CONNECTIONS,
      seconds: length,
    });
  await reader.more();
  const warm = await send(`Warm ${name}`, WARM_SECONDS);
  await reader.read((events) => events.length >= warm.taken.length);

  const processes = processesOf(stack.local.pids, process.pid)?.get('ingest') ?? [];
  const words = `Mail ${name}`;
  let load: Awaited<ReturnType<typeof smtpLoad>> | undefined;
  let received: Awaited<ReturnType<EventReader['read']>> = [];
  const [service = 0, ...parsers] = processes;
  const residence = await residenceDuring({ ingest: service, parsers }, ['ingest', 'parsers'], async () => {
    const sent = await send(words, seconds.intake);
    load = sent;
    received = await reader.read((events) => events.length >= sent.taken.length);
  });
  if (load === undefined) throw new Error('no mail was sent');
  const receivedAt = new Map(received.map(({ data, at }) => [data.subject, at]));
  const latencies = load.taken.flatMap(({ subject, from }) => {
    const at = receivedAt.get(`${words} ${subject}`);
    return at === undefined ? [] : [at - from];
  });
  const lost = load.taken.length - latencies.length;
  const rate = sustainedRate(received.map(({ at }) => at));
  const figure = (key: string, text: string, value: number, unit: Figure['unit']): Figure => ({
    name: `intake.${name}_${key}`,
    label: `${label}: ${text}`,
    value,
    unit,
  });
  return {
    figures: [
      figure('parser', 'mailparser alone, one process', alone, '/s'),
      figure('rate', `mails answered 250, ${CONNECTIONS} connections`, load.taken.length / load.seconds, '/s'),
      figure('received_rate', 'SMTP → message.received, sustained', rate, '/s'),
      figure('per_parser', 'received ÷ mailparser alone', rate / alone, 'x'),
      ...latencyFigures(`intake.${name}_until_received`, `${label}: handed in → message.received`, latencies),
      ...[...residence].map(([group, { peak }]) =>
        figure(`${group}_peak`, `${group === 'ingest' ? 'ingest' : 'its parsing processes'} at most`, peak, 'MB'),
      ),
    ],
    failures: [
      ...(lost === 0 ? [] : [`${lost} mails of ${label} answered 250 became no message.`]),
      ...(received.length === receivedAt.size ? [] : [`Mails of ${label} became more than one message.`]),
      ...(load.refused === 0 ? [] : [`${load.refused} mails of ${label} were refused.`]),
    ],
  };
}
