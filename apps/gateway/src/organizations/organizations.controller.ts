import { Controller } from '@nestjs/common';
import {
  CreateOrganizationRoute,
  GetOrganizationRoute,
  ListOrganizationsRoute,
  type Organization,
  type Page,
  type RouteInput,
  type RouteOutput,
  UpdateOrganizationRoute,
} from '@postern/contracts';
import { notFound, readCursor, toPage } from '@postern/platform';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { OrganizationsStore } from '../store/organizations.store.js';
import { CreateOrganization } from './create-organization.js';
import { UpdateOrganization } from './update-organization.js';

@Controller()
export class OrganizationsController {
  constructor(
    private readonly createOrganization: CreateOrganization,
    private readonly updateOrganization: UpdateOrganization,
    private readonly organizations: OrganizationsStore,
  ) {}

  @Route(CreateOrganizationRoute)
  create(
    @Asks() caller: Caller,
    @Input() { body }: RouteInput<typeof CreateOrganizationRoute>,
  ): Promise<Answer<RouteOutput<typeof CreateOrganizationRoute>>> {
    return this.createOrganization.run(caller.context, body);
  }

  @Route(ListOrganizationsRoute)
  async list(
    @Asks() _caller: Caller,
    @Input() { query }: RouteInput<typeof ListOrganizationsRoute>,
  ): Promise<Answer<Page<Organization>>> {
    const rows = await this.organizations.list(readCursor('org', query.cursor), query.limit + 1);
    return fresh(toPage(rows, query.limit, (row) => row));
  }

  @Route(GetOrganizationRoute)
  async get(
    @Asks() _caller: Caller,
    @Input() { params }: RouteInput<typeof GetOrganizationRoute>,
  ): Promise<Answer<Organization>> {
    return fresh(found(await this.organizations.get(params.id)));
  }

  @Route(UpdateOrganizationRoute)
  async update(
    @Asks() { context }: Caller,
    @Input() { params, body }: RouteInput<typeof UpdateOrganizationRoute>,
  ): Promise<Answer<Organization>> {
    return fresh(await this.updateOrganization.run(context, params.id, body));
  }
}

function found(organization: Organization | undefined): Organization {
  if (organization === undefined) throw notFound('organization');
  return organization;
}
