/** Larger attachments are not read: nothing that is taken in has more (25 MiB by upload and by SMTP). */
export const INPUT_MAX_BYTES = 25 * 1024 * 1024;

/** Text read out of one attachment: as much as a check looks at in one channel. */
export const TEXT_MAX_CHARS = 1024 * 1024;
/** Text read out of all attachments of one mail. */
export const MAIL_TEXT_MAX_CHARS = 4 * TEXT_MAX_CHARS;

/** After this long the process that reads is killed. A PDF of 300 pages takes less than one second. */
export const ATTACHMENT_TIME_MAX_MS = 5_000;
/** All attachments of one mail together; what is left then is not read. */
export const MAIL_TIME_MAX_MS = 10_000;
/** A reader that comes this far hands over what it has, which is better than being killed. */
export const GIVE_UP_SHARE = 0.8;

/** Heap of the reading process (V8's old generation); it ends itself when it needs more. */
export const HEAP_MAX_MB = 192;
/** Resident memory of the reading process, with what V8 does not count: buffers, inflated streams. */
export const RESIDENT_MAX_BYTES = 512 * 1024 * 1024;
/** A process that holds more than this after an attachment is replaced, so that the next one has room. */
export const RESIDENT_KEPT_MAX_BYTES = 256 * 1024 * 1024;

/** What the entries of one archive that are read may inflate to, whatever their headers say. */
export const INFLATED_MAX_BYTES = 64 * 1024 * 1024;
/** Entries of one archive. Office documents have hundreds. */
export const ENTRIES_MAX = 10_000;
/** Elements in elements of an Office document; tables in tables in text boxes stay below a hundred. */
export const ELEMENTS_DEPTH_MAX = 1_000;

/** A mail in a mail in a mail. */
export const NESTING_MAX = 3;
