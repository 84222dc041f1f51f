import type { Json } from './client.js';

/** What the AWS sandbox took, and what it is told to do wrong. */
export class Sandbox {
  constructor(private readonly url: string) {}

  async count(filter: { to?: string; contains?: string } = {}): Promise<number> {
    const reply = await fetch(`${this.url}/_sandbox/messages/count?${new URLSearchParams(filter)}`);
    return ((await reply.json()) as { count: number }).count;
  }

  async messages(filter: { to?: string; contains?: string } = {}): Promise<Json[]> {
    const reply = await fetch(`${this.url}/_sandbox/messages?${new URLSearchParams({ ...filter, limit: '1000' })}`);
    return ((await reply.json()) as { data: Json[] }).data;
  }

  /** Publishes records in the DNS that the sandbox plays. */
  async publish(records: readonly object[]): Promise<void> {
    await this.post('dns', { records });
  }

  /** Makes a bucket in the sandbox's S3, unless it is there. @returns its name. */
  async bucket(name: string): Promise<string> {
    // The sandbox looks whether a call is signed, and not how.
    const headers = { authorization: 'AWS4-HMAC-SHA256 sandbox' };
    const reply = await fetch(`${this.url}/${name}`, { method: 'PUT', headers });
    if (!reply.ok) throw new Error(`no bucket: ${await reply.text()}`);
    return name;
  }

  /** SES has received a mail, and tells of it. */
  async receive(mail: object): Promise<void> {
    await this.post('receive', mail);
  }

  /** Replaces all faults; none clears them. */
  async faults(faults: object = {}): Promise<void> {
    await this.post('faults', faults);
  }

  /** The account's send rate, in recipients a second; without one as at the start. There is no daily limit. */
  async sendRate(perSecond = 5_000): Promise<void> {
    await this.post('quota', { max_send_rate: perSecond, max_24_hour_send: -1 });
  }

  private async post(path: string, body: object): Promise<void> {
    const reply = await fetch(`${this.url}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`the sandbox refused: ${await reply.text()}`);
  }
}
