import { simpleParser } from 'mailparser';
import { sizedMail } from './sized-mail.js';

/** @returns mails of this size that mailparser reads in a second: one after the other, in this process, nothing else done. */
export async function parserAlone(sizeBytes: number, seconds: number): Promise<number> {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let parsed = 0;
  while (performance.now() < end) {
    await simpleParser(sizedMail(`Parsed ${parsed}`, sizeBytes));
    parsed += 1;
  }
  return (parsed * 1000) / (performance.now() - begun);
}
