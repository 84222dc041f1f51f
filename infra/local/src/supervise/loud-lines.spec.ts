import { describe, expect, test } from '@jest/globals';
import { LoudLines, NATS_LINES, POSTGRES_LINES, SERVICE_LINES, type LoudRule } from './loud-lines.js';

function heard(rule: LoudRule, ...chunks: string[]): string[] {
  const shown: string[] = [];
  const loud = new LoudLines(rule, (text) => shown.push(text));
  for (const chunk of chunks) loud.offer(Buffer.from(chunk));
  return shown;
}

describe('what a person hears', () => {
  test('of a service: warnings and errors, by name or number, and crashes', () => {
    const lines = [
      '{"level":"info","what":"message.accepted"}',
      '{"level":"warn","what":"nats.reconnected"}',
      '{"level":50,"msg":"scan failed","err":{"message":"no disk"}}',
      'TypeError: x is not a function',
      '    at file.js:1',
      '{"level":"error" cut off',
    ];
    expect(heard(SERVICE_LINES, `${lines.join('\n')}\n`)).toEqual([
      'WARN nats.reconnected',
      'ERROR scan failed: no disk',
      'ERROR TypeError: x is not a function',
    ]);
  });

  test('of a line that comes in two pieces: the whole of it, once', () => {
    expect(heard(SERVICE_LINES, '{"level":"wa', 'rn","msg":"two"}', '\n{"level":"info"}\n')).toEqual(['WARN two']);
  });

  test('of NATS: what it did not say because of its configuration', () => {
    const said =
      '[1] 2026/11/21 [INF] ready\n[1] x [WRN] Plaintext passwords detected, use nkeys\n[1] x [ERR] disk full\n';
    expect(heard(NATS_LINES, said)).toEqual(['ERROR disk full']);
  });

  test('of PostgreSQL: what the server itself suffers, not statements that fail', () => {
    const said = '2026 [1] a ERROR:  duplicate key\n2026 [1]  PANIC:  could not write to file\n';
    expect(heard(POSTGRES_LINES, said)).toEqual(['ERROR 2026 [1]  PANIC:  could not write to file']);
  });

  test('of a flood: the beginning, and where the rest is', () => {
    const shown = heard(SERVICE_LINES, '{"level":"warn","msg":"again"}\n'.repeat(500));
    expect(shown).toHaveLength(21);
    expect(shown.at(-1)).toContain('log file');
  });
});
