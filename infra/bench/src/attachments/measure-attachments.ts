import type { Figure, PhaseResult } from '../figures/figure.js';
import { residenceDuring } from '../processes/resident.js';
import type { Bench } from '../run/bench.js';
import { digestOf, FILE_BYTES, largeFile } from './large-file.js';

const AT_ONCE = 10;
const MB = 1_000_000;
/** Who touches an upload or a download. */
const WATCHED = ['gateway', 'messaging'] as const;

interface Upload {
  id: string;
  sha256: string;
}

/** Ten files of 25 MiB at once, up and down: how fast, and what it costs the services in memory. */
export async function measureAttachments({ stack, gateway }: Bench): Promise<PhaseResult> {
  const key = { authorization: gateway.headers['authorization'] ?? '' };
  const failures: string[] = [];

  const upload = async (): Promise<Upload | null> => {
    const { stream, sha256 } = largeFile();
    const reply = await fetch(`${gateway.url}/v1/attachments?filename=large.bin`, {
      method: 'POST',
      headers: key,
      body: stream,
      duplex: 'half',
    } as RequestInit);
    const made = (await reply.json()) as Upload;
    if (reply.status === 201 && made.sha256 === sha256()) return made;
    failures.push(`An upload was answered ${reply.status}: ${JSON.stringify(made).slice(0, 200)}.`);
    return null;
  };
  const download = async ({ id, sha256 }: Upload): Promise<void> => {
    const reply = await fetch(`${gateway.url}/v1/attachments/${id}/content`, { headers: key });
    const got = await digestOf(reply.body);
    if (got.sha256 !== sha256)
      failures.push(`A download (${reply.status}) had ${got.sizeBytes} octets of another file.`);
  };

  const warm = await upload();
  if (warm !== null) await download(warm);
  const uploads: Upload[] = [];
  const up = await measured('upload', 'uploaded', stack.local.pids, async () => {
    const made = await Promise.all(Array.from({ length: AT_ONCE }, upload));
    uploads.push(...made.filter((one) => one !== null));
  });
  const down = await measured('download', 'downloaded', stack.local.pids, async () => {
    await Promise.all(uploads.map(download));
  });
  return { figures: [...up, ...down], failures };
}

async function measured(
  name: string,
  verb: string,
  pids: Bench['stack']['local']['pids'],
  work: () => Promise<void>,
): Promise<Figure[]> {
  const from = performance.now();
  const { residence } = await residenceDuring(pids, WATCHED, work);
  const seconds = (performance.now() - from) / 1000;
  const figure = (key: string, label: string, value: number, unit: Figure['unit']): Figure => ({
    name: `attachments.${name}_${key}`,
    label,
    value,
    unit,
  });
  return [
    figure('rate', `MB ${verb}, ${AT_ONCE} files of 25 MiB at once`, (AT_ONCE * FILE_BYTES) / MB / seconds, '/s'),
    ...[...residence].flatMap(([service, { before, peak }]) => [
      figure(`${service}_peak`, `${service} at its largest meanwhile`, peak, 'MB'),
      figure(`${service}_growth`, `${service} grew by at most`, peak - before, 'MB'),
    ]),
  ];
}
