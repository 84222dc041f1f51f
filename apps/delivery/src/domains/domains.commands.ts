import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  CreateDomain,
  DeleteDomain,
  type Domain,
  GetDomain,
  GetDomainZoneFile,
  ListDomains,
  type ListDomainsQuery,
  type Page,
  VerifyDomain,
} from '@postern/contracts';
import { Answers, Replay } from '@postern/eventing';
import { readCursor, toPage } from '@postern/platform';
import { DomainStore, shownDomain, type StoredDomain } from '../store/domains.js';
import { ManageDomains } from './manage-domains.js';
import { zoneFile } from './zone-file.js';

/** Domains as tenants see and change them. */
@Controller()
export class DomainCommands {
  constructor(
    private readonly domains: ManageDomains,
    private readonly store: DomainStore,
  ) {}

  @Answers(CreateDomain)
  async create(context: CommandContext, { name }: CommandInput<typeof CreateDomain>) {
    return shown(await this.domains.create(context, name));
  }

  @Answers(ListDomains)
  async list(context: CommandContext, query: ListDomainsQuery): Promise<Page<Domain>> {
    return toPage(await this.store.list(context, query, readCursor('dom', query.cursor)), query.limit, shownDomain);
  }

  @Answers(GetDomain)
  async get(context: CommandContext, { id }: CommandInput<typeof GetDomain>): Promise<Domain> {
    return shownDomain(await this.domains.get(context, id));
  }

  @Answers(VerifyDomain)
  async verify(context: CommandContext, { id }: CommandInput<typeof VerifyDomain>) {
    return shown(await this.domains.verify(context, id));
  }

  @Answers(GetDomainZoneFile)
  async zone(context: CommandContext, { id }: CommandInput<typeof GetDomainZoneFile>): Promise<{ text: string }> {
    const { name, records } = await this.domains.get(context, id);
    return { text: zoneFile(name, records) };
  }

  @Answers(DeleteDomain)
  async remove(context: CommandContext, { id }: CommandInput<typeof DeleteDomain>): Promise<Record<string, never>> {
    await this.domains.remove(context, id);
    return {};
  }
}

const shown = (answer: StoredDomain | Replay<StoredDomain>): Domain | Replay<Domain> =>
  answer instanceof Replay ? new Replay(shownDomain(answer.value)) : shownDomain(answer);
