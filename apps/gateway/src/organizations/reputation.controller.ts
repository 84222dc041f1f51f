import { Controller } from '@nestjs/common';
import {
  GetOrganizationReputationRoute,
  GetReputation,
  LiftBrakes,
  ResumeOrganizationRoute,
  type RouteInput,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { notFound } from '@postern/platform';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { OrganizationsStore } from '../store/organizations.store.js';

/** What the operator sees of an organization's bounces and complaints, and how it may send again. */
@Controller()
export class ReputationController {
  constructor(
    private readonly commands: CommandClient,
    private readonly organizations: OrganizationsStore,
  ) {}

  @Route(GetOrganizationReputationRoute)
  async get(@Asks() caller: Caller, @Input() { params, query }: RouteInput<typeof GetOrganizationReputationRoute>) {
    return this.commands.ask(GetReputation, await this.within(caller, params.id, query.mode), {});
  }

  @Route(ResumeOrganizationRoute)
  async resume(@Asks() caller: Caller, @Input() { params, body }: RouteInput<typeof ResumeOrganizationRoute>) {
    const { mode = 'live', ...what } = body;
    return this.commands.ask(LiftBrakes, await this.within(caller, params.id, mode), what);
  }

  /** The root key acts within the organization that the path names. @throws AppError `not_found`. */
  private async within({ context }: Caller, id: string, mode: 'live' | 'test') {
    const organization = await this.organizations.get(id);
    if (organization === undefined) throw notFound('organization');
    return { ...context, organizationId: organization.id, mode };
  }
}
