import type { AuditEntry } from '@postern/contracts';
import { type KnownEntry, LogVerifier } from '../src/audit/verify/log-verifier.js';
import { callAt, type Reply } from './gateway.harness.js';

/** An export, and what the verifier says of it. */
export interface ReadExport {
  reply: Reply;
  entries: AuditEntry[];
  problems: string[];
}

const headOf = (reply: Reply): KnownEntry => {
  const [sequence = '', hash = ''] = (reply.headers.get('x-audit-head') ?? '').split(':');
  return { sequence: Number(sequence), hash };
};

/** Downloads an audit log and verifies it against the head that came with it. */
export async function exportAt(url: string, key: string): Promise<ReadExport> {
  const reply = await callAt(url, 'GET', '/v1/audit_log/export', { key });
  const verifier = new LogVerifier(headOf(reply));
  const lines = reply.octets.toString().split('\n').slice(0, -1);
  const problems = [...lines.flatMap((line) => verifier.next(line)), ...verifier.end()];
  return {
    reply,
    entries: lines.map((line) => JSON.parse(line) as AuditEntry),
    problems: problems.map(({ line, why }) => `${line}: ${why}`),
  };
}

/** The audit log as a list. */
export async function listAt(url: string, key: string, query = ''): Promise<AuditEntry[]> {
  const { body } = await callAt(url, 'GET', `/v1/audit_log?limit=100${query}`, { key });
  return body.data as unknown as AuditEntry[];
}
