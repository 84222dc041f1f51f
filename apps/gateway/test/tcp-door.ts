import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A door in front of a server: closed, nobody gets through, and who is inside is cut off. */
export interface TcpDoor {
  /** The server's URL, by way of the door. */
  url: string;
  close(): void;
  open(): void;
  /** Lets connections stand, new ones too, but nothing through them. */
  freeze(): void;
  thaw(): void;
  /** Takes the door away for good. */
  remove(): Promise<void>;
}

/** Puts a door in front of the server that a URL names. */
export async function tcpDoor(serverUrl: string): Promise<TcpDoor> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isOpen = true;
  let isFrozen = false;
  const server = createServer((outside) => {
    if (!isOpen) return void outside.destroy();
    const inside = connect(Number(port), hostname);
    for (const [from, to] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => to.destroy())
        .on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      from.pipe(to);
      if (isFrozen) from.pause();
    }
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    open: () => {
      isOpen = true;
    },
    close: () => {
      isOpen = false;
      cut();
    },
    freeze: () => {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    remove: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
