import type { Outcome } from '../../src/send/outcome.js';
import type { TakenMail } from '../stage.js';

/** What SES's stand-in did to one attempt, as its caller saw it. */
export interface Struck {
  messageId: string;
  attempt: number;
  outcome: Outcome;
}

/** A send at its end. */
export interface EndedSend {
  organization_id: string;
  message_id: string;
  state: string;
  attempt: number;
  doubts: number;
}

/** Messages by how they ended and how many copies SES took: `sent` says the truth with one copy at least, `failed` with none. */
export interface Results {
  messages: number;
  sent_once: number;
  sent_more: number;
  sent_never: number;
  failed_not_taken: number;
  failed_taken: number;
}

export type Copies = ReadonlyMap<string, readonly TakenMail[]>;

/** Counts how messages ended. */
export function resultsOf(sends: readonly EndedSend[], copies: Copies): Results {
  const count = (state: string, least: number, most: number): number =>
    sends.filter((send) => {
      const taken = copies.get(send.message_id)?.length ?? 0;
      return send.state === state && taken >= least && taken <= most;
    }).length;
  return {
    messages: sends.length,
    sent_once: count('sent', 1, 1),
    sent_more: count('sent', 2, Infinity),
    sent_never: count('sent', 0, 0),
    failed_not_taken: count('failed', 0, 0),
    failed_taken: count('failed', 1, Infinity),
  };
}

/** The messages that each fault struck at least once; `none` for those that met no fault. */
export function messagesByFault(struck: readonly Struck[], copies: Copies): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const faulty = new Set<string>();
  const note = (fault: string, messageId: string): void => {
    found.set(fault, (found.get(fault) ?? new Set()).add(messageId));
  };
  for (const one of struck) {
    const fault = faultOf(one, copies);
    if (fault === null) continue;
    note(fault, one.messageId);
    faulty.add(one.messageId);
  }
  for (const { messageId } of struck) if (!faulty.has(messageId)) note('none', messageId);
  return found;
}

function faultOf({ messageId, attempt, outcome }: Struck, copies: Copies): string | null {
  if (outcome.kind === 'taken') return null;
  if (outcome.kind !== 'unknown') return 'code' in outcome ? outcome.code : outcome.kind;
  const wasTaken = copies.get(messageId)?.some(({ tags }) => tags['postern_attempt'] === String(attempt)) ?? false;
  return `${outcome.code}, ${wasTaken ? 'taken' : 'not taken'}`;
}

/** A table for people. */
export function tableOf(rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => Object.values(row).map(String))];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n');
}
