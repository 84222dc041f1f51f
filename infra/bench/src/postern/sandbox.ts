interface MailboxPage {
  data: { tags: Record<string, string> }[];
  has_more: boolean;
  next_cursor: string | null;
}

/** As delivery tags each SES call. */
const MESSAGE_TAG = 'postern_message';
const PAGE = 1000;

/** What "SES" took. */
export class Sandbox {
  constructor(private readonly url: string) {}

  async count(): Promise<number> {
    return (await this.get<{ count: number }>('/_sandbox/messages/count')).count;
  }

  /** How often each message was taken, by its id. */
  async copies(): Promise<Map<string, number>> {
    const copies = new Map<string, number>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = new URLSearchParams({ limit: String(PAGE), ...(cursor === '' ? {} : { after: cursor }) });
      const page: MailboxPage = await this.get<MailboxPage>(`/_sandbox/messages?${query}`);
      for (const { tags } of page.data) {
        const id = tags[MESSAGE_TAG] ?? 'untagged';
        copies.set(id, (copies.get(id) ?? 0) + 1);
      }
      cursor = page.has_more ? page.next_cursor : null;
    }
    return copies;
  }

  async empty(): Promise<void> {
    const response = await fetch(`${this.url}/_sandbox/messages`, { method: 'DELETE' });
    if (!response.ok) throw new Error(`The sandbox's mailbox could not be emptied: ${response.status}.`);
  }

  /** From now on nothing is told of what becomes of mail; or again, as at the start. */
  async tellNothing(nothing: boolean): Promise<void> {
    const faults = nothing ? { feedback: { drop: { probability: 1 } } } : {};
    const response = await fetch(`${this.url}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
    if (!response.ok) throw new Error(`The sandbox's faults could not be set: ${response.status}.`);
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${path}.`);
    return (await response.json()) as T;
  }
}
