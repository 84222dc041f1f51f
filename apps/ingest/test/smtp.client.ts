import { connect, type Socket } from 'node:net';

/** A whole reply: lines such as `250-SIZE` up to the one with a space after its code. */
const REPLY = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/;

/** Says exactly what a test wants it to say. */
export class SmtpClient {
  private text = '';

  private constructor(
    private readonly socket: Socket,
    private readonly chunks: AsyncIterator<string>,
  ) {}

  /** @returns when it was greeted and has said HELO. */
  static async open(port: number): Promise<SmtpClient> {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setEncoding('utf8');
    const client = new SmtpClient(socket, socket[Symbol.asyncIterator]() as AsyncIterator<string>);
    await client.reply();
    await client.say('HELO test');
    return client;
  }

  /** @returns the reply. @throws when the server closes the connection without one. */
  async say(command: string): Promise<string> {
    this.socket.write(`${command}\r\n`);
    return this.reply();
  }

  /** What follows DATA: the octets as they are, but for the dots that RFC 5321 §4.5.2 doubles. @returns the reply. */
  async sayMessage(raw: Buffer): Promise<string> {
    this.socket.write(raw.toString('latin1').replace(/^\./gm, '..'), 'latin1');
    return this.say(raw.subarray(-2).toString('latin1') === '\r\n' ? '.' : '\r\n.');
  }

  close(): void {
    this.socket.destroy();
  }

  /** The next reply. */
  async reply(): Promise<string> {
    for (;;) {
      const whole = REPLY.exec(this.text)?.[0];
      if (whole !== undefined) {
        this.text = this.text.slice(whole.length);
        return whole;
      }
      const { value, done } = await this.chunks.next();
      if (done === true) throw new Error('the server closed the connection without a reply');
      this.text += value;
    }
  }
}

/** Says each command, waiting for its reply each time. @returns the replies. */
export async function talk(port: number, commands: readonly string[]): Promise<string[]> {
  const client = await SmtpClient.open(port);
  try {
    const replies: string[] = [];
    for (const command of commands) replies.push(await client.say(command));
    return replies;
  } finally {
    client.close();
  }
}
