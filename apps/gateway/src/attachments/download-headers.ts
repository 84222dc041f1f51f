import { create } from 'content-disposition';
import { type AttachmentDetails, UNKNOWN_MEDIA_TYPE } from '@postern/contracts';

/**
 * Types that programs open and browsers run nothing of. Everything else, HTML, SVG, XML and scripts above all, is handed
 * over as octets, whatever its sender called it.
 */
const HARMLESS =
  /^(?:image\/(?:png|jpeg|gif|webp|bmp|tiff|avif|heic)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/(?:plain|csv|calendar)|application\/(?:pdf|json|zip|gzip|msword|vnd\.(?:ms-|openxmlformats-officedocument\.|oasis\.opendocument\.)[\w.-]+))$/;

/** Always a download, and so the way to it: a file of a mail shall never be shown by a browser as if it were ours. */
export const asDownload = ({ filename }: Pick<AttachmentDetails, 'filename'>): Record<string, string> => ({
  // RFC 6266 §4.3: an ASCII name for old clients, the true one in filename* (RFC 8187).
  'content-disposition': create(filename),
  'x-content-type-options': 'nosniff',
});

export const downloadHeaders = ({ filename, content_type: type, size }: AttachmentDetails): Record<string, string> => ({
  ...asDownload({ filename }),
  'content-type': HARMLESS.test(type) ? type : UNKNOWN_MEDIA_TYPE,
  'content-length': String(size),
  'content-security-policy': "default-src 'none'; sandbox",
});
