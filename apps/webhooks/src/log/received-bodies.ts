import { Inject, Injectable } from '@nestjs/common';
import { type Content, MessageReceivedV1, MessageReleasedV1, ReceivedBody } from '@postern/contracts';
import { CONTENT_STORE, type ContentStore, load } from '@postern/eventing';
import type { LoggedFact } from './public-events.js';

/** Reads what received and released messages say, before the transaction: a slow content store must not hold its locks. */
@Injectable()
export class ReceivedBodies {
  constructor(@Inject(CONTENT_STORE) private readonly content: ContentStore) {}

  /** @returns bodies by the id of their fact. */
  async of(facts: readonly LoggedFact[]): Promise<Map<string, ReceivedBody>> {
    const bodies = new Map<string, ReceivedBody>();
    for (const fact of facts) {
      const hasBody = fact.type === MessageReceivedV1.type || fact.type === MessageReleasedV1.type;
      if (!hasBody || fact.data.body === null) continue;
      bodies.set(fact.id, await this.read(fact.organizationId, fact.data.body));
    }
    return bodies;
  }

  private async read(organizationId: string, body: Content): Promise<ReceivedBody> {
    const bytes = await load(this.content, organizationId, body);
    return ReceivedBody.parse(JSON.parse(bytes.toString('utf8')));
  }
}
