import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { createTransport, type Transporter } from 'nodemailer';
import { rowsOf } from '../contract/belongings.js';
import type { Client, Json } from './client.js';
import type { Postern } from './postern.js';

/** Mail that holds one word wherever a mail can hold one, and what a test needs to know of it when it is deleted. */
export class MarkedMail {
  readonly smtp: Transporter;

  constructor(
    private readonly postern: Postern,
    private readonly admin: Client,
    readonly marker: string,
  ) {
    const { host, port } = postern.local.smtp;
    this.smtp = createTransport({ host, port, secure: false, ignoreTLS: true });
  }

  /** The body of a send. */
  body(more: object = {}): object {
    const content = Buffer.from(`${this.marker} in a file. `.repeat(3_000)).toString('base64');
    return {
      subject: `About ${this.marker}`,
      text: `Text with ${this.marker}`,
      html: `<p>HTML with ${this.marker}</p>`,
      attachments: [{ filename: `${this.marker}.txt`, content_type: 'text/plain', content }],
      metadata: { about: this.marker },
      labels: [this.marker],
      ...more,
    };
  }

  async delivered(inbox: Json, more: object = {}): Promise<Json> {
    const message = await this.postern.send(inbox, this.body(more), this.admin);
    return this.postern.settled(message, ['delivered'], this.admin);
  }

  async received(inbox: Json): Promise<Json> {
    await this.smtp.sendMail({
      from: `Ann ${this.marker} <ann@example.com>`,
      to: String(inbox['address']),
      subject: `Incoming ${this.marker}`,
      text: `Incoming text with ${this.marker}`,
      attachments: [{ filename: `${this.marker}.txt`, content: `${this.marker} in a file` }],
    });
    const [message] = await this.some(`/v1/inboxes/${inbox['id']}/messages?direction=inbound`, 'the mail');
    return message as Json;
  }

  async held(inbox: Json): Promise<{ message: Json; approval: Json }> {
    const message = await this.postern.send(inbox, this.body(), this.admin);
    const [approval] = await this.some(`/v1/approvals?inbox_id=${inbox['id']}`, 'the message to be held');
    return { message, approval: approval as Json };
  }

  /** A list, when there is something in it. */
  some(path: string, what: string): Promise<Json[]> {
    return waitFor(async () => {
      const rows = rowsOf(await this.admin.get(path));
      return rows.length > 0 && rows;
    }, what);
  }

  async eventsAbout(id: Json | undefined): Promise<Json[]> {
    return rowsOf(await this.admin.get('/v1/events?limit=1000')).filter((event) => event['data']?.['id'] === id);
  }

  /** What the event log says of a deleted message; it is a moment behind the answer. */
  redacted(id: Json | undefined): Promise<Json[]> {
    return waitFor(async () => {
      const events = await this.eventsAbout(id);
      return events.length > 0 && events.every(({ data }) => data?.['deleted'] === (true as unknown)) && events;
    }, `the events of ${id} to be redacted`);
  }

  /** Every way to a message ends in a 404. */
  async expectGone(message: Json): Promise<void> {
    for (const path of [
      `/v1/messages/${message['id']}`,
      `/v1/messages/${message['id']}/raw`,
      `/v1/threads/${message['thread_id']}`,
      `/v1/threads/${message['thread_id']}/messages`,
      ...[...message['attachments']].flatMap(({ id }) => [`/v1/attachments/${id}`, `/v1/attachments/${id}/content`]),
    ]) {
      expect([path, (await this.admin.get(path)).status]).toEqual([path, 404]);
    }
    const again = await this.admin.delete(`/v1/messages/${message['id']}`);
    expect([again.status, again.body['error']?.['code']]).toEqual([404, 'not_found']);
    expect(rowsOf(await this.admin.get('/v1/messages?limit=100')).map(({ id }) => id)).not.toContain(message['id']);
  }

  /** Paths of stored content with the word in it. @param dataDir  of the stack. */
  async contentLeft(dataDir: string): Promise<string[]> {
    const entries = await readdir(join(dataDir, 'content'), { recursive: true, withFileTypes: true });
    const found: string[] = [];
    for (const entry of entries.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      // It may be collected at this moment.
      const bytes = await readFile(path).catch(() => Buffer.alloc(0));
      if (bytes.includes(this.marker)) found.push(path);
    }
    return found;
  }
}
