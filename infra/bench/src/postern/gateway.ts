/** One entry of the tenant's event log, as far as the bench looks at it. */
export interface LoggedEvent {
  readonly sequence: number;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly data: { readonly id?: string; readonly subject?: string };
}

interface EventPage {
  data: { sequence: number; type: string; timestamp: string; data: LoggedEvent['data'] }[];
  has_more: boolean;
}

export interface Inbox {
  readonly id: string;
  readonly address: string;
}

const EVENTS_PER_PAGE = 1000;

/** The public API, as one agent sees it. */
export class Gateway {
  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' };
  }

  /** @returns the API as a new organization without limits sees it; this one's key must be the root key. */
  async createOrganization(name: string): Promise<Gateway> {
    const limits = { requests_per_minute: null, credits_per_month: null, sends_per_day: null };
    const made = await this.call<{ api_key: { secret: string } }>('POST', '/v1/organizations', { name, limits });
    return new Gateway(this.url, made.api_key.secret);
  }

  createInbox(slug: string): Promise<Inbox> {
    return this.call<Inbox>('POST', '/v1/inboxes', { slug });
  }

  /** @returns the id of the accepted message. */
  async send(inbox: Inbox, body: object): Promise<string> {
    const message = await this.call<{ id: string }>('POST', messagesPath(inbox), body);
    return message.id;
  }

  /** Whether any outbound message of the inbox has this status. */
  async hasMessages(inbox: Inbox, status: string): Promise<boolean> {
    const query = `direction=outbound&delivery_status=${status}&limit=1`;
    const page = await this.call<{ data: unknown[] }>('GET', `${messagesPath(inbox)}?${query}`);
    return page.data.length > 0;
  }

  /** Any GET. @throws Error when it is not answered with a 2xx. */
  async get(path: string): Promise<void> {
    await this.call('GET', path);
  }

  async createWebhook(url: string, events: readonly string[], inboxIds: readonly string[] = []): Promise<string> {
    const webhook = await this.call<{ id: string }>('POST', '/v1/webhooks', {
      url,
      events,
      inbox_ids: inboxIds,
    });
    return webhook.id;
  }

  async deleteWebhook(id: string): Promise<void> {
    await this.call('DELETE', `/v1/webhooks/${id}`);
  }

  /** Events of these types after a sequence, oldest first. */
  async events(types: readonly string[], after: number): Promise<{ events: LoggedEvent[]; hasMore: boolean }> {
    const page = await this.call<EventPage>(
      'GET',
      `/v1/events?after=${after}&types=${types.join(',')}&limit=${EVENTS_PER_PAGE}`,
    );
    const events = page.data.map(({ sequence, type, timestamp, data }) => ({
      sequence,
      type,
      at: Date.parse(timestamp),
      data,
    }));
    return { events, hasMore: page.has_more };
  }

  /** @throws Error with the answer when it is no 2xx. */
  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: body === undefined ? { authorization: this.headers['authorization'] ?? '' } : this.headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 300)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

export const messagesPath = (inbox: Inbox): string => `/v1/inboxes/${inbox.id}/messages`;
