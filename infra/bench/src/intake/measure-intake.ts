import { latencyFigures, type Figure, type PhaseResult } from '../figures/figure.js';
import { sustainedRate } from '../figures/percentile.js';
import { smtpLoad, type SmtpLoad } from '../load/smtp-load.js';
import { EventReader } from '../postern/event-reader.js';
import type { LoggedEvent } from '../postern/gateway.js';
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
type Size = (typeof SIZES)[number];
/** Enough for both processes that parse mail to be there and warm. */
const WARM_SECONDS = 1;

/** Mails of one size and what became of them. */
interface Exchange {
  load: SmtpLoad;
  received: LoggedEvent[];
}

/** What mail by SMTP costs beside the parsing of it: mailparser alone reads the same mails in the same run. */
export async function measureIntake(bench: Bench): Promise<PhaseResult> {
  const results: PhaseResult[] = [];
  for (const size of SIZES) results.push(await measureSize(bench, size));
  return {
    figures: results.flatMap(({ figures }) => figures),
    failures: results.flatMap(({ failures }) => failures),
  };
}

async function measureSize({ stack, gateway, seconds }: Bench, size: Size): Promise<PhaseResult> {
  const alone = await parserAlone(size.sizeBytes, seconds.intake);
  const inbox = await gateway.createInbox(`bench-intake-${size.name}`);
  const reader = new EventReader(gateway, ['message.received']);
  await reader.more();
  const exchange = async (length: number): Promise<Exchange> => {
    const mailOf = (subject: string) => ({ raw: sizedMail(subject, size.sizeBytes) });
    const load = await smtpLoad(stack.local.smtp, inbox.address, mailOf, { connections: CONNECTIONS, seconds: length });
    return { load, received: await reader.read((events) => events.length >= load.taken.length) };
  };
  await exchange(WARM_SECONDS);
  const [ingest = 0, ...parsers] = processesOf(stack.local.pids, process.pid)?.get('ingest') ?? [];
  const { result, residence } = await residenceDuring({ ingest, parsers }, ['ingest', 'parsers'], () =>
    exchange(seconds.intake),
  );
  const memory = [...residence].map(([group, { peak }]): Figure => {
    const label = `${size.label}: ${group === 'ingest' ? 'ingest' : 'its processes that parse'} at most`;
    return { name: `intake.${size.name}_${group}_peak`, label, value: peak, unit: 'MB' };
  });
  const measured = resultOf(size, alone, result);
  return { ...measured, figures: [...measured.figures, ...memory] };
}

function resultOf({ name, label }: Size, alone: number, { load, received }: Exchange): PhaseResult {
  const receivedAt = new Map(received.map(({ data, at }) => [data.subject, at]));
  const latencies = load.taken.flatMap(({ subject, from }) => {
    const at = receivedAt.get(subject);
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
    ],
    failures: [
      ...(lost === 0 ? [] : [`${lost} mails of ${label} answered 250 became no message.`]),
      ...(received.length === receivedAt.size ? [] : [`Mails of ${label} became more than one message.`]),
      ...(load.refused === 0 ? [] : [`${load.refused} mails of ${label} were refused.`]),
    ],
  };
}
