import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What senders wrote, beside what is shown of it. Nullable: for most mail it is the same, and for what is sent always. */
export class KeepOriginals20261121203500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE messages ADD COLUMN original_text text, ADD COLUMN original_html text`);
    await runner.query(`COMMENT ON COLUMN messages.html_body IS
      'of received mail what is left after sanitising, as for text_body; see original_html'`);
    await runner.query(`COMMENT ON COLUMN messages.original_html IS
      'as the sender wrote it, for the list of what it hides; null when html_body is the same'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
