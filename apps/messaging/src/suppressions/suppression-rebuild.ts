import { Inject, Injectable } from '@nestjs/common';
import { GetSuppressionSnapshot, type SuppressedAddress } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { Database, LOGGER, type Logger } from '@postern/platform';
import { ProjectionRebuild } from '../projections/projection-rebuild.js';
import { type SuppressionKey, SuppressionRebuildStore } from '../store/suppression-rebuild.store.js';

/** Fills the projection of the suppression list from delivery, whose claim decides. */
@Injectable()
export class SuppressionRebuild extends ProjectionRebuild<SuppressedAddress, SuppressionKey> {
  constructor(
    database: Database,
    commands: CommandClient,
    store: SuppressionRebuildStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, {
      name: 'suppressions',
      upkeep: store.upkeep,
      ask: async (context, after) => (await commands.ask(GetSuppressionSnapshot, context, { after })).value,
      take: (tx, page) => store.take(tx, page),
    });
  }
}
