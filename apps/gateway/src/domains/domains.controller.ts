import { Controller, Res } from '@nestjs/common';
import {
  CreateDomain,
  CreateDomainRoute,
  DeleteDomain,
  DeleteDomainRoute,
  GetDomain,
  GetDomainRoute,
  GetDomainZoneFile,
  GetDomainZoneFileRoute,
  ListDomains,
  ListDomainsRoute,
  type RouteInput,
  VerifyDomain,
  VerifyDomainRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { FastifyReply } from 'fastify';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class DomainsController {
  constructor(private readonly commands: CommandClient) {}

  @Route(CreateDomainRoute)
  create(@Asks() { context }: Caller, @Input() { body }: RouteInput<typeof CreateDomainRoute>) {
    return this.commands.ask(CreateDomain, context, body);
  }

  @Route(ListDomainsRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListDomainsRoute>) {
    return this.commands.ask(ListDomains, context, query);
  }

  @Route(GetDomainRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetDomainRoute>) {
    return this.commands.ask(GetDomain, context, params);
  }

  @Route(VerifyDomainRoute)
  verify(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof VerifyDomainRoute>) {
    return this.commands.ask(VerifyDomain, context, params);
  }

  @Route(GetDomainZoneFileRoute)
  async zoneFile(
    @Asks() { context }: Caller,
    @Input() { params }: RouteInput<typeof GetDomainZoneFileRoute>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<Buffer<ArrayBuffer>>> {
    const { value } = await this.commands.ask(GetDomainZoneFile, context, params);
    void reply.header('content-disposition', `attachment; filename="${params.id}.zone"`);
    return fresh(Buffer.from(value.text));
  }

  @Route(DeleteDomainRoute)
  remove(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteDomainRoute>) {
    return this.commands.ask(DeleteDomain, context, params);
  }
}
