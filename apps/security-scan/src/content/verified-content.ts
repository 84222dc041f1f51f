import { Inject, Injectable } from '@nestjs/common';
import type { Content, OrganizationId } from '@postern/contracts';
import { carry, CONTENT_STORE, load, Reject, sha256, type ContentStore } from '@postern/eventing';
import { unavailable } from '@postern/platform';

/** Content of facts, with the certainty that it is what the fact names. */
@Injectable()
export class VerifiedContent {
  constructor(@Inject(CONTENT_STORE) private readonly store: ContentStore) {}

  /**
   * @throws AppError `unavailable` when the store does not have it (yet) or is away: the fact waits, however long.
   * @throws Reject when the octets are not those that the fact names: scanning others than are sent would be no scan.
   */
  async load(organizationId: OrganizationId, content: Content): Promise<Buffer> {
    const bytes = await this.read(organizationId, content);
    if (sha256(bytes) !== content.sha256)
      throw new Reject(`content ${content.sha256} has other octets than its hash says`);
    return bytes;
  }

  /** Content for a fact. @throws AppError `unavailable` when the store is away. */
  async carry(organizationId: OrganizationId, bytes: Uint8Array): Promise<Content> {
    try {
      return await carry(this.store, organizationId, bytes);
    } catch (cause) {
      throw unavailable('The content of a message cannot be stored for the moment.', { cause });
    }
  }

  private async read(organizationId: OrganizationId, content: Content): Promise<Buffer> {
    try {
      return await load(this.store, organizationId, content);
    } catch (cause) {
      throw unavailable('The content of a message cannot be read for the moment.', { cause });
    }
  }
}
