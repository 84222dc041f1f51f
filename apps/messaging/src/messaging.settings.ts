import { eventingSettings } from '@postern/eventing';
import { baseSettings, defineSettings, setting, wholeNumber } from '@postern/platform';
import { z } from 'zod';

const YEAR_SECONDS = 365 * 24 * 3600;
const YEAR_DAYS = 365;
/** Each send into a long thread counts its messages of the window. */
const LOOP_MESSAGES_MAX = 10_000;
const LOOP_SECONDS_MAX = 30 * 24 * 3600;
/** Text search configurations that every PostgreSQL has since 15. */
const SEARCH_LANGUAGES =
  'simple arabic armenian basque catalan danish dutch english finnish french german greek hindi hungarian indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian spanish swedish tamil turkish yiddish'.split(
    ' ',
  );

export const messagingSettings = defineSettings({
  ...baseSettings,
  ...eventingSettings,
  MESSAGING_CONTENT_LEASE_SECONDS: setting(wholeNumber(1, YEAR_SECONDS), {
    description:
      'How long content is kept that nothing names (yet). Not shorter than the longest time between the storing of content and the commit of what names it.',
    unit: 'seconds',
    default: '86400',
    example: '172800',
  }),
  MESSAGING_CONTENT_COLLECT_SECONDS: setting(wholeNumber(1, YEAR_SECONDS), {
    description: 'Time between two looks for content that nothing names any more.',
    unit: 'seconds',
    default: '21600',
    example: '3600',
  }),
  MESSAGING_UPLOAD_DAYS: setting(wholeNumber(1, YEAR_DAYS), {
    description: 'How long an uploaded file can be used. Messages and drafts that took it along keep it.',
    unit: 'days',
    default: '30',
    example: '7',
  }),
  LOOP_MESSAGES: setting(wholeNumber(1, LOOP_MESSAGES_MAX), {
    description:
      'How many messages an inbox sends to one counterparty in one thread within the window; one more is taken for a mail loop and refused.',
    unit: 'messages',
    default: '20',
    example: '50',
  }),
  LOOP_AUTOMATIC_MESSAGES: setting(wholeNumber(1, LOOP_MESSAGES_MAX), {
    description: 'The same when a machine wrote the last mail of the counterparty in the thread.',
    unit: 'messages',
    default: '5',
    example: '2',
  }),
  LOOP_WINDOW_SECONDS: setting(wholeNumber(1, LOOP_SECONDS_MAX), {
    description: 'The time in which those messages are counted, up to now.',
    unit: 'seconds',
    default: '3600',
    example: '600',
  }),
  LOOP_COOL_DOWN_SECONDS: setting(wholeNumber(1, LOOP_SECONDS_MAX), {
    description:
      'How long a loop keeps its thread shut for its counterparty. Where it is shorter than the window, the next one may begin at its end.',
    unit: 'seconds',
    default: '3600',
    example: '86400',
  }),
  POSTERN_SEARCH_LANGUAGE: setting(z.enum(SEARCH_LANGUAGES), {
    description:
      'The language whose word forms a search takes for one word, beside words as they stand. After a change, run `npm run reindex -w apps/messaging`.',
    default: 'english',
    example: 'german',
  }),
});
