import type { AnsweredMail } from '@postern/contracts';

/**
 * Speaks against a message that does not answer a received one, or goes to somebody who did not write that one: naming any
 * received mail must not open the way to everybody.
 */
export function isNoReply(answers: AnsweredMail | null, recipients: readonly string[]): string | null {
  if (answers === null) return 'It answers no mail that was received.';
  const writers = new Set(answers.addresses);
  const strangers = recipients.filter((address) => !writers.has(address)).length;
  return strangers === 0 ? null : `${strangers} of its recipients did not write the mail that it answers.`;
}
