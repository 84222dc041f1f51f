import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANT = `
  organization_id text COLLATE "C" NOT NULL,
  mode            text NOT NULL CHECK (mode IN ('live', 'test'))`;
const SUBJECT = `
  scope           text NOT NULL CHECK (scope IN ('inbox', 'domain', 'organization')),
  subject         text COLLATE "C" NOT NULL`;

/** What bounced and led to complaints, for whom, and the brakes that follow from it. */
export class CreateReputations1795297000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createCounting(runner);
    await runner.query(`
      CREATE TABLE reputations (
        ${TENANT},
        ${SUBJECT},
        level          text NOT NULL DEFAULT 'good' CHECK (level IN ('good', 'warned', 'paused', 'releasing')),
        cause          text CHECK (cause IN ('bounces', 'complaints')),
        version        integer NOT NULL,
        changed_at     timestamptz NOT NULL DEFAULT now(),
        counted_since  timestamptz NOT NULL DEFAULT '-infinity',
        handed_version integer,
        PRIMARY KEY (organization_id, mode, scope, subject),
        CONSTRAINT reputations_cause CHECK (cause IS NOT NULL OR level IN ('good', 'releasing'))
      )`);
    await runner.query(`COMMENT ON COLUMN reputations.level IS
      'paused: claims pass its sends by; releasing: the brake is lifted, and sends are still parked'`);
    await runner.query(`COMMENT ON COLUMN reputations.handed_version IS
      'of a paused inbox: the version in which messaging paused it; a resume in a later version lifts the brake'`);
    // Nearly always empty: every claim looks here.
    await runner.query(`CREATE INDEX reputations_braked ON reputations (organization_id, mode) WHERE level = 'paused'`);
    await runner.query(`
      CREATE INDEX reputations_releasing ON reputations (organization_id, mode) WHERE level = 'releasing'`);
    for (const table of ['reputation_counts', 'reputations']) await tenantTable(runner, table);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

// Writers only insert, so that no two of them wait for the same counter; one process at a time adds up.
async function createCounting(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE reputation_notes (
      id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      ${TENANT},
      inbox_id        text COLLATE "C",
      domain          text COLLATE "C",
      sent_at         timestamptz NOT NULL,
      sent            integer NOT NULL DEFAULT 0,
      bounced         integer NOT NULL DEFAULT 0,
      complained      integer NOT NULL DEFAULT 0
    )`);
  await runner.query(`COMMENT ON TABLE reputation_notes IS 'what is not added to reputation_counts yet'`);
  await runner.query(`COMMENT ON COLUMN reputation_notes.sent_at IS
    'when the message was first attempted: a bounce counts with the mail that it is about'`);
  await tenantTable(runner, 'reputation_notes');
  await runner.query(`
    CREATE TABLE reputation_reports (
      ${TENANT},
      message_id      text COLLATE "C" NOT NULL,
      report          text COLLATE "C" NOT NULL,
      noted_at        timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (organization_id, mode, message_id, report)
    )`);
  await runner.query(`COMMENT ON COLUMN reputation_reports.report IS
    'kind and digest of whom it names: SES tells the same twice when both of its feedback streams are on'`);
  await runner.query(`CREATE INDEX reputation_reports_age ON reputation_reports (noted_at)`);
  await tenantTable(runner, 'reputation_reports');
  await runner.query(`
    CREATE TABLE reputation_counts (
      ${TENANT},
      ${SUBJECT},
      hour            timestamptz NOT NULL,
      sent            integer NOT NULL,
      bounced         integer NOT NULL,
      complained      integer NOT NULL,
      PRIMARY KEY (organization_id, mode, scope, subject, hour)
    )`);
  await runner.query(`CREATE INDEX reputation_counts_age ON reputation_counts (hour)`);
}
