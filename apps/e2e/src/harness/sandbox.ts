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

  /** Replaces all faults; none clears them. */
  async faults(faults: object = {}): Promise<void> {
    const reply = await fetch(`${this.url}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
    if (!reply.ok) throw new Error(`the sandbox refused these faults: ${await reply.text()}`);
  }
}
