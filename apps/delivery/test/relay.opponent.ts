import type { Socket } from 'node:net';
import { once } from 'node:events';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** How the relay acts from now on. */
export type RelayMood =
  | 'takes'
  | 'busy'
  | 'refuses'
  | 'refuses one'
  | 'defers one'
  | 'breaks before'
  | 'breaks after'
  | 'hangs'
  | 'dawdles'
  | 'locks out';

/** A real SMTP server that acts as it is told. */
export interface RelayOpponent {
  port: number;
  /** Raw messages that it took, in order. */
  readonly taken: { to: string[]; raw: string }[];
  readonly sessions: () => number;
  act(mood: RelayMood): void;
  /** Ends all sessions, as a relay does after some silence. */
  hangUp(): void;
  stop(): Promise<void>;
}

/** Far below any time-out of a connection. */
const DAWDLES_MS = 100;

const reply = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

export async function startRelay(options: SMTPServerOptions = {}): Promise<RelayOpponent> {
  let mood: RelayMood = 'takes';
  let sessions = 0;
  const taken: { to: string[]; raw: string }[] = [];
  const sockets = new Set<Socket>();
  const hangUp = (): void => sockets.forEach((socket) => socket.destroy());
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ['STARTTLS'] : [],
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      if (mood === 'locks out' || password !== 'secret') return done(reply(535, '5.7.8 Authentication failed'));
      return done(null, { user: username });
    },
    onMailFrom: (_address, _session, done) => {
      if (mood === 'busy') return done(reply(451, '4.7.1 Try again later'));
      return done();
    },
    onRcptTo: ({ address }, _session, done) => {
      if (mood === 'breaks before') return hangUp();
      if (mood === 'dawdles') return void setTimeout(done, DAWDLES_MS);
      if (mood === 'refuses one' && address.startsWith('nobody')) return done(reply(550, '5.1.1 No such user'));
      if (mood === 'defers one' && address.startsWith('nobody')) return done(reply(450, '4.2.1 Try again later'));
      return done();
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (mood === 'hangs') return;
        if (mood === 'refuses') return done(reply(554, '5.7.1 Refused by policy'));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        taken.push({ to, raw: Buffer.concat(chunks).toString('latin1') });
        if (mood === 'breaks after') return hangUp();
        done();
      });
    },
    ...options,
  });
  // Clients that hang up in the middle are what this is for.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sessions += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as { port: number };
  return {
    port,
    taken,
    sessions: () => sessions,
    act: (next) => {
      mood = next;
    },
    hangUp,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
}
