import { z } from 'zod';

/** RFC 5322 §2.1.1: a line is at most 998 characters; api.md sets the same limit for the subject. */
const SUBJECT_MAX = 998;
/** What has no white space in it stands on one line, after the space that folds it: never more than 998 in all. */
const UNFOLDED_MAX = 997;
/** SES takes a header block of any size, and cuts it in its feedback from 10 KB on; so many of our own are plenty. */
const HEADERS_MAX = 50;

// oxlint-disable-next-line no-control-regex
const ONE_LINE = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/;
const headerText = z.string().regex(ONE_LINE, 'must be one line, without control characters');

/** The longest piece of a text without white space, in characters. */
const longestWord = (text: string): number => Math.max(...text.split(/[ \t]/).map((word) => word.length));

/** Encoded by the composer where it is long, so that it fits on lines whatever is in it. */
export const Subject = headerText.max(SUBJECT_MAX);

export const MessageIdHeader = z
  .string()
  .max(UNFOLDED_MAX)
  .regex(/^<[\x21-\x3b\x3d\x3f-\x7e]+>$/, 'must be a message id such as <a@b>, in ASCII');

const HeaderName = z
  .string()
  .regex(/^(X|List)-[A-Za-z0-9-]{1,70}$/i, 'only X-* and List-* headers can be set')
  // SES reads these as orders and takes them out: configuration set, tags, source ARNs.
  .regex(/^(?!X-SES-)/i, 'X-SES-* headers cannot be set');
const HeaderValue = headerText.max(SUBJECT_MAX).refine((value) => longestWord(value) <= UNFOLDED_MAX, {
  message: `must have white space at least every ${UNFOLDED_MAX} characters`,
});

/** Headers of the caller's own. RFC 5322 §3.6.8 lets them come twice; SES refuses some of them then. */
export const CustomHeaders = z
  .record(HeaderName, HeaderValue)
  .refine((headers) => Object.keys(headers).length <= HEADERS_MAX, {
    message: `must have at most ${HEADERS_MAX} headers`,
  })
  .refine(
    (headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
    {
      message: 'must name each header once, in whatever case',
    },
  );
