import { get, type IncomingMessage } from 'node:http';

/** One event of a stream as it stood on the wire. */
export interface StreamedEvent {
  id: string;
  type: string;
  data: string;
}

/** A reply that is an event stream, as a client reads it. */
export interface EventReader {
  status: number;
  headers: IncomingMessage['headers'];
  /** In the order in which they came. */
  events: StreamedEvent[];
  /** How many comments came. */
  comments(): number;
  /** Resolves when the server has ended the stream; rejects when it cut it. */
  ended: Promise<void>;
  hasEnded(): boolean;
  /** Goes away. */
  leave(): void;
}

/** Puts the blocks of a stream together, however it was cut into pieces. */
class Blocks {
  readonly events: StreamedEvent[] = [];
  comments = 0;
  private rest = '';

  add(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.take(block);
  }

  private take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon === 0) this.comments += 1;
      else fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
    }
    const data = fields.get('data');
    if (data !== undefined) this.events.push({ id: fields.get('id') ?? '', type: fields.get('event') ?? '', data });
  }
}

/**
 * Opens an event stream, on a connection of its own. A reply that is none is read to its end: its text is the data of the
 * one event. Source: WHATWG HTML, "Server-sent events", as far as Postern uses it.
 */
export async function readEvents(
  url: string,
  { key, headers = {} }: { key?: string; headers?: Record<string, string> } = {},
): Promise<EventReader> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers };
    get(url, { agent: false, headers: asked }, resolve).on('error', reject);
  });
  response.setEncoding('utf8');
  const blocks = new Blocks();
  const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
  let over = false;
  const read = async (): Promise<void> => {
    let text = '';
    for await (const chunk of response as AsyncIterable<string>) {
      if (isStream) blocks.add(chunk);
      else text += chunk;
    }
    if (!isStream) blocks.events.push({ id: '', type: '', data: text });
  };
  const ended = read().finally(() => (over = true));
  // Who does not ask how it ended does not mind.
  ended.catch(() => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events: blocks.events,
    comments: () => blocks.comments,
    ended,
    hasEnded: () => over,
    leave: () => void response.destroy(),
  };
}
