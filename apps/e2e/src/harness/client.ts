/** A reply as a test looks at it. */
export interface Reply {
  status: number;
  headers: Headers;
  body: Json;
}

/** JSON of any shape: end-to-end tests look at the wire, not at our types. */
export type Json = { [key: string]: Json } & { length: number; [Symbol.iterator](): Iterator<Json> } & Json[] &
  string &
  number;

type Options = { headers?: Record<string, string>; idempotencyKey?: string };

/** A stream has no end: of it, what is there now, up to the comment that follows it. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response.text();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (/^:/m.test(text)) break;
  }
  return text;
}

/** The gateway, as an agent with one key sees it. */
export class Client {
  constructor(
    private readonly url: string,
    private readonly key: string | null,
  ) {}

  get(path: string, options?: Options): Promise<Reply> {
    return this.call('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options?: Options): Promise<Reply> {
    return this.call('POST', path, body, options);
  }

  patch(path: string, body: unknown): Promise<Reply> {
    return this.call('PATCH', path, body);
  }

  delete(path: string): Promise<Reply> {
    return this.call('DELETE', path);
  }

  async call(method: string, path: string, body?: unknown, options: Options = {}): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(this.key === null ? {} : { authorization: `Bearer ${this.key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await textOf(response);
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : text) as Json,
    };
  }
}
