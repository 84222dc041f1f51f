import { randomUUID } from 'node:crypto';

/**
 * The out-of-office answer of the simulator's `ooto` address.
 * Source: RFC 3834 §3: to the envelope sender, Auto-Submitted, In-Reply-To and References, "Auto:" subject.
 * @param messageIdHeader  of the message that is answered, with brackets.
 * @param subject  of the message that is answered; encoded words stay as they are.
 */
export const autoAnswer = (
  from: string,
  to: string,
  messageIdHeader: string,
  subject: string | undefined,
  at: Date,
): Buffer =>
  Buffer.from(
    [
      `From: ${from}`,
      `To: ${to}`,
      `Subject: Auto: ${subject ?? ''}`.trimEnd(),
      `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${randomUUID()}@simulator.amazonses.com>`,
      `In-Reply-To: ${messageIdHeader}`,
      `References: ${messageIdHeader}`,
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'I am out of the office and will read your message when I am back.',
      '',
    ].join('\r\n'),
    'latin1',
  );
