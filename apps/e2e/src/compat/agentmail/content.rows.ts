import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import { type ConformanceRow, differs, works } from '../../harness/conformance.js';
import { ABSENT, INVALID, refused } from './row.js';
import type { Setting } from './setting.js';

/** What is in messages: files, the mail as it came, words. */
export const contentRows = (at: () => Setting): ConformanceRow[] => {
  const messages = () => at().am.inboxes.messages;
  const inboxId = () => at().inbox.inboxId;
  const shown = (id: string) => messages().get(inboxId(), id);
  return [
    works('messages.getAttachment', '`download_url` gives the file without a key, until `expires_at`', async () => {
      const [file] = (await shown(at().received)).attachments ?? [];
      const got = await messages().getAttachment(inboxId(), at().received, file?.attachmentId ?? '');
      expect(got).toMatchObject({ filename: 'numbers.csv', size: 3, contentDisposition: 'attachment' });
      expect(got.expiresAt.getTime()).toBeGreaterThan(Date.now());
      expect(await (await fetch(got.downloadUrl)).text()).toBe('a,b');
    }),
    works('messages.getAttachment', 'of another message: NotFoundError', async () => {
      const [file] = (await shown(at().received)).attachments ?? [];
      const asked = messages().getAttachment(inboxId(), at().delivered.messageId, file?.attachmentId ?? '');
      await refused(asked, ABSENT, AgentMail.NotFoundError);
    }),
    works('messages.getRaw', '`download_url` gives the mail without a key, until `expires_at`', async () => {
      const got = await messages().getRaw(inboxId(), at().received);
      const raw = await (await fetch(got.downloadUrl)).text();
      expect(raw).toMatch(/^Subject: Re: Quarterly numbers\r$/m);
      expect([got.messageId, got.size]).toEqual([at().received, Buffer.byteLength(raw)]);
      expect(got.expiresAt.getTime()).toBeGreaterThan(Date.now());
      const elsewhere = got.downloadUrl.replace(at().received, at().delivered.messageId);
      expect([(await fetch(elsewhere)).status, (await fetch(`${got.downloadUrl}A`)).status]).toEqual([403, 403]);
    }),
    works('messages.search', '`q` over the inbox, with `highlights` between asterisks', async () => {
      const found = await messages().search(inboxId(), { q: 'rose' });
      const hit = found.messages.find(({ messageId }) => messageId === at().received);
      expect(hit?.highlights?.text?.join()).toContain('**rose** & fell');
    }),
    differs(
      'messages.search',
      'parts of senders, recipients and subjects',
      'Whole words of sender, subject, text and files; recipients are not searched.',
      async () => {
        const ids = async (q: string) =>
          (await messages().search(inboxId(), { q })).messages.map(({ messageId }) => messageId);
        expect(await ids('weekly')).toEqual([at().delivered.messageId]);
        expect(await ids('eekl')).toEqual([]);
      },
    ),
    works('messages.search', 'never what is withheld; without `q`: ValidationError', async () => {
      expect((await messages().search(inboxId(), { q: 'Open' })).count).toBe(0);
      const asked = at().wire.get(`/inboxes/${inboxId()}/messages/search`);
      expect([(await asked).status, (await asked).body['code']]).toEqual([...INVALID]);
    }),
  ];
};
