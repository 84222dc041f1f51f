import type { Json } from './client.js';

/** A reply whose body is not JSON. */
export interface FileReply {
  status: number;
  headers: Headers;
  octets: Buffer;
}

/** Uploads and downloads with one key, as an HTTP client without our help makes them. */
export class Files {
  constructor(
    private readonly url: string,
    private readonly key: string | null,
  ) {}

  /** As a form, from memory. */
  async form(content: Buffer | string, filename: string, type = '', headers: Record<string, string> = {}) {
    const form = new FormData();
    form.set('file', new Blob([content], { type }), filename);
    return this.post('/v1/attachments', form, headers);
  }

  /** As the body itself. */
  raw(content: Buffer | string, filename: string, type: string, headers: Record<string, string> = {}) {
    const query = new URLSearchParams({ filename });
    return this.post(`/v1/attachments?${query}`, content, { ...headers, 'content-type': type });
  }

  /** Any body; the type of a form comes from the form. */
  async post(path: string, body: FormData | Buffer | string, headers: Record<string, string> = {}) {
    const reply = await fetch(this.url + path, {
      method: 'POST',
      headers: { ...this.auth(), ...headers },
      body: body as NonNullable<RequestInit['body']>,
    });
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Json };
  }

  /** The first reply, which may be a redirect. */
  async get(path: string): Promise<FileReply> {
    const reply = await fetch(this.url + path, { headers: this.auth(), redirect: 'manual' });
    return { status: reply.status, headers: reply.headers, octets: Buffer.from(await reply.arrayBuffer()) };
  }

  /** The content of an attachment, by way of its link. */
  async download(id: string): Promise<FileReply> {
    const { status, headers, octets } = await this.get(`/v1/attachments/${id}/content`);
    const location = headers.get('location');
    if (location === null) return { status, headers, octets };
    return new Files(this.url, null).get(location);
  }

  private auth(): Record<string, string> {
    return this.key === null ? {} : { authorization: `Bearer ${this.key}` };
  }
}
