import type { Detection } from '@postern/contracts';
import type { ScannedMail } from '../normalise/scanned-mail.js';

/**
 * One thing to look for in a mail.
 * - Pure and deterministic: no clock, no network, no randomness, so that a verdict can be repeated.
 * - Its time is linear in the length of the channels, which are bounded.
 * - A throw is a bug: the mail is then not passed, but tried again, and at last withheld or held without a judgement.
 */
export interface Check {
  /** Stable, snake_case; shown as `method` of its detections. */
  readonly name: string;
  readonly direction: 'inbound' | 'outbound' | 'both';
  run(mail: ScannedMail): Finding[];
}

/** What a check found. `malicious` is for what no harmless mail holds. */
export interface Finding extends Detection {
  result: 'suspicious' | 'malicious';
}

const DETAIL_MAX_CHARS = 160;

/**
 * Makes a finding.
 * @param detail  in words, for people; must hold neither the content of the mail nor a secret, since an agent may read it.
 * @param confidence  0 to 1: how often, of ten such findings, something is wrong.
 */
export function finding(method: string, result: Finding['result'], confidence: number, detail: string): Finding {
  return { method, result, detail: detail.slice(0, DETAIL_MAX_CHARS), confidence };
}
