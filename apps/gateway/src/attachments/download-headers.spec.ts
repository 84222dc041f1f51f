import { describe, expect, it } from '@jest/globals';
import type { AttachmentDetails } from '@postern/contracts';
import { downloadHeaders } from './download-headers.js';

const headersOf = (given: Partial<AttachmentDetails>): Record<string, string> =>
  downloadHeaders({ filename: 'a', content_type: 'text/plain', size: 1, ...given } as AttachmentDetails);

describe(downloadHeaders, () => {
  it.each([
    ['report.pdf', 'attachment; filename=report.pdf'],
    ['my "own".txt', 'attachment; filename="my \\"own\\".txt"'],
    ['Übung ☂.pdf', `attachment; filename="?bung ?.pdf"; filename*=UTF-8''%C3%9Cbung%20%E2%98%82.pdf`],
  ])('names %s as a download', (filename, disposition) => {
    expect(headersOf({ filename })['content-disposition']).toBe(disposition);
  });

  it.each(['image/png', 'application/pdf', 'text/csv', 'application/vnd.ms-excel', 'audio/mpeg'])(
    'keeps %s',
    (type) => {
      expect(headersOf({ content_type: type })['content-type']).toBe(type);
    },
  );

  it.each([
    'text/html',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/xml',
    'application/xml',
    'text/javascript',
    'application/javascript',
    'text/css',
    'multipart/related',
    'message/rfc822',
    'application/x-msdownload',
    'application/vnd.oasis.opendocument.text+xml',
  ])('hands %s over as octets', (type) => {
    expect(headersOf({ content_type: type })['content-type']).toBe('application/octet-stream');
  });
});
