import { connect } from 'node:net';

/** A whole reply: lines such as `250-SIZE` up to the one with a space after its code. */
const REPLY = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/;

/**
 * Says HELO and then each command as it is, waiting for its reply each time.
 * @returns the replies to the commands; the last one given may be that of a closed connection.
 */
export async function talk(port: number, commands: readonly string[]): Promise<string[]> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setEncoding('utf8');
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<string>;
  let text = '';
  const reply = async (): Promise<string> => {
    for (;;) {
      const whole = REPLY.exec(text)?.[0];
      if (whole !== undefined) {
        text = text.slice(whole.length);
        return whole;
      }
      const { value, done } = await chunks.next();
      if (done === true) throw new Error('the server closed the connection without a reply');
      text += value;
    }
  };
  try {
    const replies: string[] = [];
    await reply();
    for (const command of ['HELO test', ...commands]) {
      socket.write(`${command}\r\n`);
      replies.push(await reply());
    }
    return replies.slice(1);
  } finally {
    socket.destroy();
  }
}
