import { Controller } from '@nestjs/common';
import {
  CreateDraft,
  CreateDraftRoute,
  DeleteDraft,
  DeleteDraftRoute,
  GetDraft,
  GetDraftRoute,
  ListDrafts,
  ListDraftsRoute,
  type RouteInput,
  SendDraft,
  SendDraftRoute,
  UpdateDraft,
  UpdateDraftRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { ChargedSend } from '../credits/charged-send.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class DraftsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly chargedSend: ChargedSend,
  ) {}

  @Route(CreateDraftRoute)
  create(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof CreateDraftRoute>) {
    return this.commands.ask(CreateDraft, context, { inbox: params.inbox, body });
  }

  @Route(ListDraftsRoute)
  list(@Asks() { context }: Caller, @Input() { params, query }: RouteInput<typeof ListDraftsRoute>) {
    return this.commands.ask(ListDrafts, context, { inbox: params.inbox, query });
  }

  @Route(GetDraftRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetDraftRoute>) {
    return this.commands.ask(GetDraft, context, params);
  }

  @Route(UpdateDraftRoute)
  update(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof UpdateDraftRoute>) {
    return this.commands.ask(UpdateDraft, context, { id: params.id, body });
  }

  @Route(DeleteDraftRoute)
  delete(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteDraftRoute>) {
    return this.commands.ask(DeleteDraft, context, params);
  }

  @Route(SendDraftRoute)
  send(@Asks() caller: Caller, @Input() { params }: RouteInput<typeof SendDraftRoute>) {
    const { context, inDoubt, sendsPerDay } = caller;
    return this.chargedSend.chargeAndWait(caller, (charged) =>
      this.commands.ask(SendDraft, context, { id: params.id, inDoubt, sendsPerDay, ...charged }),
    );
  }
}
