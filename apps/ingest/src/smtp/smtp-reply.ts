/**
 * A negative answer to an SMTP command: basic code (RFC 5321 §4.2) and enhanced code (RFC 3463) with a sentence for the
 * person who reads the bounce. 4xx: the sender keeps the mail and tries again; 421 also ends the connection.
 */
export class SmtpReply extends Error {
  constructor(
    readonly responseCode: number,
    enhancedCode: string,
    sentence: string,
  ) {
    super(`${enhancedCode} ${sentence}`);
    this.name = 'SmtpReply';
  }
}

export const noSuchMailbox = (): SmtpReply => new SmtpReply(550, '5.1.1', 'There is no such mailbox here');
export const tooManyUnknown = (): SmtpReply => new SmtpReply(421, '4.7.0', 'Too many unknown recipients, closing');
export const directoryAway = (): SmtpReply =>
  new SmtpReply(451, '4.4.3', 'The mailbox cannot be looked up now, try again later');
export const tooLarge = (maxBytes: number): SmtpReply =>
  new SmtpReply(552, '5.3.4', `The message is larger than ${maxBytes} octets`);
export const bareLineEnd = (): SmtpReply =>
  new SmtpReply(550, '5.5.2', 'Lines must end in CR LF, and neither may stand alone (RFC 5321 section 2.3.8)');
export const busy = (): SmtpReply => new SmtpReply(452, '4.3.1', 'Too much mail at once, try again later');
export const tooManyConnections = (): SmtpReply => new SmtpReply(421, '4.7.0', 'Too many connections, try again later');
export const tooManyMessages = (): SmtpReply => new SmtpReply(421, '4.7.0', 'Too many messages, try again later');
export const tenantBusy = (): SmtpReply =>
  new SmtpReply(451, '4.7.1', 'The recipient gets too much mail at once, try again later');
export const endedEarly = (): SmtpReply => new SmtpReply(421, '4.4.2', 'The message did not come to its end in time');
export const notStored = (): SmtpReply =>
  new SmtpReply(451, '4.3.0', 'The message could not be stored, try again later');
