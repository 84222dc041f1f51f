import { createEventingTables } from '@postern/eventing';
import { tenantTable } from '@postern/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sends, suppressions, and what delivery remembers about SES's feedback. */
export class CreateDelivery1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createEventingTables(runner);
    await createSends(runner);
    await createSuppressions(runner);
    await createFeedbackMemory(runner);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

// The constraints repeat the state machine of send-machine.ts, so that no statement can leave a row that it does not know.
async function createSends(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE sends (
      organization_id  text NOT NULL,
      mode             text NOT NULL CHECK (mode IN ('live', 'test')),
      message_id       text COLLATE "C" NOT NULL,
      inbox_id         text COLLATE "C",
      version          integer NOT NULL DEFAULT 0,
      state            text NOT NULL CHECK (state IN
        ('pending', 'claimed', 'in_doubt', 'sent', 'failed', 'rejected', 'cancelled', 'suppressed')),
      next_attempt_at  timestamptz NOT NULL,
      attempt          integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
      tries            integer NOT NULL DEFAULT 0,
      doubts           integer NOT NULL DEFAULT 0,
      first_attempt_at timestamptz,
      claim_token      uuid,
      lease_until      timestamptz,
      in_doubt_since   timestamptz,
      in_doubt_rule    text NOT NULL CHECK (in_doubt_rule IN ('resend', 'fail')),
      mail_from        text,
      recipients       text[] NOT NULL DEFAULT '{}',
      left_out         text[] NOT NULL DEFAULT '{}',
      content          jsonb,
      content_hash     text,
      ses_message_id   text,
      deferred_reason  text,
      last_error       text,
      correlation_id   text NOT NULL,
      causation_id     text,
      traceparent      text NOT NULL,
      created_at       timestamptz NOT NULL DEFAULT now(),
      updated_at       timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (organization_id, mode, message_id),
      CONSTRAINT sends_lease CHECK ((state = 'claimed') = (lease_until IS NOT NULL)),
      CONSTRAINT sends_claim CHECK (state <> 'claimed' OR (claim_token IS NOT NULL AND attempt > 0)),
      CONSTRAINT sends_doubt CHECK ((state = 'in_doubt') = (in_doubt_since IS NOT NULL)),
      CONSTRAINT sends_proof CHECK (state <> 'sent' OR ses_message_id IS NOT NULL),
      CONSTRAINT sends_open CHECK (state NOT IN ('pending', 'claimed', 'in_doubt')
        OR (mail_from IS NOT NULL AND content IS NOT NULL AND cardinality(recipients) > cardinality(left_out))),
      CONSTRAINT sends_ended CHECK (state IN ('pending', 'claimed', 'in_doubt') OR content IS NULL)
    )`);
  for (const [column, meaning] of [
    ['attempt', 'number of the current or last call of SES: the tag postern_attempt'],
    ['tries', 'unclear refusals and resends so far; waiting costs none'],
    ['doubts', 'attempts whose outcome nobody will ever know'],
    ['left_out', 'recipients that were suppressed when the message was claimed; never asked of SES'],
    ['content', 'the finished MIME, carried or named; forgotten when the send ends'],
    ['deferred_reason', 'the reason for waiting that was told last'],
  ]) {
    await runner.query(`COMMENT ON COLUMN sends.${column} IS '${meaning}'`);
  }
  await runner.query(
    `CREATE INDEX sends_due ON sends (mode, organization_id, next_attempt_at) WHERE state = 'pending'`,
  );
  await runner.query(`CREATE INDEX sends_leases ON sends (lease_until) WHERE state = 'claimed'`);
  await runner.query(`CREATE INDEX sends_in_doubt ON sends (in_doubt_since) WHERE state = 'in_doubt'`);
  await runner.query(`CREATE INDEX sends_ses ON sends (ses_message_id) WHERE ses_message_id IS NOT NULL`);
  await tenantTable(runner, 'sends');
}

async function createSuppressions(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE suppressions (
      organization_id   text NOT NULL,
      mode              text NOT NULL CHECK (mode IN ('live', 'test')),
      id                text COLLATE "C" NOT NULL,
      address           text COLLATE "C" NOT NULL CHECK (address = lower(address)),
      reason            text NOT NULL CHECK (reason IN ('bounce', 'complaint', 'manual')),
      source_message_id text COLLATE "C",
      one_of            integer NOT NULL DEFAULT 1 CHECK (one_of > 0),
      created_at        timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (organization_id, mode, id),
      CONSTRAINT suppressions_address UNIQUE (organization_id, mode, address)
    )`);
  await runner.query(`COMMENT ON COLUMN suppressions.one_of IS
    'how many addresses the complaint named: over 1, SES guessed who complained'`);
  await tenantTable(runner, 'suppressions');
}

// Neither belongs to a tenant: the one because nobody knows yet whose it is, the other because it is about SES itself.
async function createFeedbackMemory(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE parked_feedback (
      event_id       text COLLATE "C" PRIMARY KEY,
      ses_message_id text NOT NULL,
      feedback       jsonb NOT NULL,
      correlation_id text NOT NULL,
      traceparent    text NOT NULL,
      parked_at      timestamptz NOT NULL DEFAULT now()
    )`);
  await runner.query(`COMMENT ON TABLE parked_feedback IS 'feedback without tags whose message is not known yet'`);
  await runner.query(`CREATE INDEX parked_feedback_age ON parked_feedback (parked_at)`);
  await runner.query(`
    CREATE TABLE feedback_seen (
      only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      last_sent_at timestamptz NOT NULL
    )`);
  await runner.query(`COMMENT ON TABLE feedback_seen IS
    'when SES published the latest Send event that reached us: proof that feedback was alive then'`);
  await runner.query(`INSERT INTO feedback_seen (last_sent_at) VALUES ('-infinity')`);
}
