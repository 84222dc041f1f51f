import { Inject, Injectable } from '@nestjs/common';
import { GetListSnapshot, type ListedRule } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { Database, LOGGER, type Logger } from '@postern/platform';
import { ProjectionRebuild } from '../projections/projection-rebuild.js';
import { type ListKey, ListRuleStore } from '../store/list-rule.store.js';

/** Fills the projection of the lists from security-scan, whose guard decides. */
@Injectable()
export class ListRebuild extends ProjectionRebuild<ListedRule, ListKey> {
  constructor(database: Database, commands: CommandClient, store: ListRuleStore, @Inject(LOGGER) logger: Logger) {
    super(database, logger, {
      name: 'lists',
      upkeep: store.upkeep,
      ask: async (context, after) => (await commands.ask(GetListSnapshot, context, { after })).value,
      take: (tx, page) => store.take(tx, page),
    });
  }
}
