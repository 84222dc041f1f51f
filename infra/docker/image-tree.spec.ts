import { describe, expect, test } from '@jest/globals';
import { runtimeWorkspaces } from './image-tree.mjs';

const LIBRARIES = ['libs/contracts', 'libs/eventing', 'libs/platform'];
/** Services that read the HTML of mails. */
const READERS = new Set(['ingest', 'messaging', 'security-scan']);

describe('the image of a service', () => {
  test.each(['gateway', 'messaging', 'security-scan', 'delivery', 'ingest', 'webhooks'])(
    'of %s holds it and the libraries, and neither test code nor the AWS sandbox',
    (app) => {
      const [first, ...rest] = runtimeWorkspaces(`apps/${app}`);
      expect(first).toBe(`apps/${app}`);
      expect(rest.sort()).toEqual([...LIBRARIES, ...(READERS.has(app) ? ['libs/mail-html'] : [])].sort());
    },
  );

  test('of the AWS sandbox holds nothing of the product', () => {
    expect(runtimeWorkspaces('infra/aws-sandbox')).toEqual(['infra/aws-sandbox']);
  });
});
