import { Controller, Module, type DynamicModule } from '@nestjs/common';
import { CommandContext, defineCommand, SuppressionAddedV1, type Suppression, type Tenant } from '@postern/contracts';
import {
  baseSettings,
  conflict,
  DatabaseModule,
  defineSettings,
  type ServiceDefinition,
  type SettingValues,
  type Tx,
} from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import {
  Answers,
  Batch,
  commandServer,
  Consumes,
  createEventingTables,
  eventingSettings,
  EventingModule,
  JetStreamServer,
  nameMessagesInOutbox,
  Reject,
  type ConsumedBy,
} from '../src/index.js';

/** A small service that notes what it was told, and fails when its facts say so. */
export const Echo = defineCommand('probe.echo', z.object({ say: z.string() }), z.object({ said: z.string() }));

class CreateNotes20260101000000 implements MigrationInterface {
  name = 'CreateNotes20260101000000';
  async up(runner: QueryRunner): Promise<void> {
    await createEventingTables(runner);
    await nameMessagesInOutbox(runner);
    await runner.query(`CREATE TABLE notes (n serial PRIMARY KEY, event_id text NOT NULL, address text NOT NULL)`);
  }
  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
export const migrations = [CreateNotes20260101000000];

/** Facts about these addresses fail in the handler. */
export const FAILS_ONCE = 'fails-once@example.com';
export const REJECTED = 'rejected@example.com';
const failed = new Set<string>();

@Controller()
class ProbeController {
  @Consumes('messaging__suppressions')
  async note(batch: Batch<ConsumedBy<'messaging__suppressions'>>): Promise<void> {
    await batch.once(async (tx, facts) => {
      for (const fact of facts) await write(tx, fact.id, fact.data.suppression.address);
    });
  }

  @Answers(Echo)
  async echo(_context: CommandContext, { say }: { say: string }) {
    if (say === 'no') throw conflict('invalid_state', 'Say something else.', { details: { say } });
    return { said: say };
  }
}

async function write(tx: Tx, eventId: string, address: string): Promise<void> {
  if (address === REJECTED) throw new Reject('this address is never noted');
  if (address === FAILS_ONCE && !failed.has(eventId)) {
    failed.add(eventId);
    throw new Error('a passing fault');
  }
  await tx.query(`INSERT INTO notes (event_id, address) VALUES ($1, $2)`, [eventId, address]);
}

const settings = defineSettings({ ...baseSettings, ...eventingSettings });

@Module({})
class ProbeModule {
  static forRoot(config: SettingValues<typeof settings>): DynamicModule {
    return {
      module: ProbeModule,
      imports: [DatabaseModule.forRoot({ schema: 'probe', migrations }), EventingModule.forRoot('probe', config)],
      controllers: [ProbeController],
    };
  }
}

export const probeService: ServiceDefinition<typeof settings> = {
  name: 'probe',
  settings,
  module: (config) => ProbeModule.forRoot(config),
  microservices: (app, config) => [commandServer('probe', config.NATS_URL), { strategy: app.get(JetStreamServer) }],
};

/** A fact of the kind that the probe notes. */
export const suppressionFact = (tenant: Tenant, address: string) => ({
  organizationId: tenant.organizationId,
  mode: tenant.mode,
  data: {
    suppression: {
      id: 'sup_01k9x5e8w2f7h8j9k0m1n2p3q4',
      address,
      reason: 'manual',
      source_message_id: null,
      created_at: '2026-11-21T00:00:00.000Z',
    } as Suppression,
  },
});
export const Noted = SuppressionAddedV1;
