import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entries kept of one send: a queue that waits for a day must not grow without end. */
const KEPT = 200;

/**
 * What happened to a send, kept with it. A trigger notes it, because many statements move a send, and none of them can
 * forget it so. The row is written anyway then, so it costs no other row and no index.
 */
export class CreateSendHistory1795289400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sends ADD COLUMN history jsonb NOT NULL DEFAULT '[]'`);
    await runner.query(`COMMENT ON COLUMN sends.history IS
      'what happened, oldest first: at, type, data; of more than ${KEPT} the first and the latest'`);
    await runner.query(`
      CREATE FUNCTION note_send_history() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        what text;
        more jsonb := '{}';
        was  text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END;
      BEGIN
        IF NEW.state IS DISTINCT FROM was THEN
          CASE NEW.state
            WHEN 'expected' THEN
              what := 'moved'; more := jsonb_build_object('to', NEW.next_attempt_at);
            WHEN 'pending' THEN
              IF was IS NULL OR was = 'expected' THEN
                what := 'queued'; more := jsonb_build_object('not_before', NEW.next_attempt_at);
              ELSE
                what := 'deferred';
                more := jsonb_build_object(
                  'reason', CASE WHEN was = 'in_doubt' THEN 'in_doubt_resend' ELSE NEW.deferred_reason END,
                  'code', NEW.last_error, 'next_attempt_at', NEW.next_attempt_at,
                  -- An attempt that is taken back did not reach anybody.
                  'attempt', OLD.attempt, 'attempted', NEW.attempt = OLD.attempt);
              END IF;
            WHEN 'claimed' THEN
              what := 'claimed'; more := jsonb_build_object('attempt', NEW.attempt);
            WHEN 'in_doubt' THEN
              what := 'in_doubt'; more := jsonb_build_object('attempt', NEW.attempt, 'code', NEW.last_error);
            WHEN 'sent' THEN
              what := 'sent';
              more := jsonb_build_object('attempt', NEW.attempt, 'provider_message_id', NEW.ses_message_id,
                                         'settled_late', was IS DISTINCT FROM 'claimed');
            WHEN 'cancelled' THEN
              what := 'cancelled';
            WHEN 'suppressed' THEN
              what := 'suppressed';
            ELSE
              what := NEW.state; more := jsonb_build_object('attempt', NEW.attempt, 'code', NEW.last_error);
          END CASE;
        ELSIF NEW.parked IS DISTINCT FROM OLD.parked THEN
          what := CASE WHEN NEW.parked THEN 'paused' ELSE 'resumed' END;
        ELSIF NEW.next_attempt_at <> OLD.next_attempt_at THEN
          what := 'moved'; more := jsonb_build_object('to', NEW.next_attempt_at);
        ELSE
          RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND cardinality(NEW.left_out) > cardinality(OLD.left_out) THEN
          more := more || jsonb_build_object('left_out', to_jsonb(NEW.left_out[cardinality(OLD.left_out) + 1:]));
        END IF;
        NEW.history := CASE WHEN jsonb_array_length(NEW.history) < ${KEPT} THEN NEW.history ELSE NEW.history - ${KEPT / 2} END
          || jsonb_build_object('at', clock_timestamp(), 'type', what, 'data', more);
        RETURN NEW;
      END $$`);
    await runner.query(
      `CREATE TRIGGER sends_note_history BEFORE INSERT OR UPDATE ON sends FOR EACH ROW EXECUTE FUNCTION note_send_history()`,
    );
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
