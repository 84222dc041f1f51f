import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxRoutes } from '../mailbox/routes.js';
import type { S3Route } from '../s3/s3-route.js';
import type { SigningKey } from '../sns/signing-key.js';
import type { QueryRoute } from './query-route.js';
import { reply } from './reply.js';

const SANDBOX_PREFIX = '/_sandbox';

/** Sends each request to its part: `/_sandbox`, the certificate, the query protocol at `/`, else S3. */
export const createRouting =
  (parts: { query: QueryRoute; s3: S3Route; sandbox: SandboxRoutes; signingKey: SigningKey }) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(`http://sandbox${request.url ?? '/'}`);
    const path = url.pathname;
    if (path === SANDBOX_PREFIX || path.startsWith(`${SANDBOX_PREFIX}/`)) {
      return parts.sandbox(path.slice(SANDBOX_PREFIX.length) || '/', url.searchParams, request, response);
    }
    if (path === parts.signingKey.certificatePath) {
      return reply(response, 200, 'application/x-pem-file', parts.signingKey.certificatePem);
    }
    if (path === '/' && request.method === 'POST') return parts.query.post(request, response);
    if (path === '/' && url.searchParams.has('Action')) return parts.query.get(url.search, request, response);
    if (path === '/' && request.headers.authorization === undefined) {
      return void response.writeHead(302, { location: `${SANDBOX_PREFIX}/` }).end();
    }
    return parts.s3(url, request, response);
  };
