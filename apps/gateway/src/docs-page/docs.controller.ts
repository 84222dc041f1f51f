import { Controller, Get, Header, Param, Redirect, Res } from '@nestjs/common';
import { notFound } from '@postern/platform';
import type { FastifyReply } from 'fastify';
import { readPageFile } from './page-files.js';

/** Scripts from here only; the page's own styles are partly inline. It talks to this gateway and to nobody else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The API reference, with everything it loads from this process. */
@Controller()
export class DocsController {
  /** Whoever opens the gateway in a browser wants to know what it can do. */
  @Get()
  @Redirect('/docs')
  root(): void {
    // The decorator answers.
  }

  @Get('docs')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  page(@Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.file('index.html', reply);
  }

  @Get('docs/:file')
  @Header('cache-control', 'public, max-age=3600')
  async file(@Param('file') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const file = await readPageFile(name);
    if (file === undefined) throw notFound('page');
    void reply.header('content-type', file.type);
    return file.content;
  }
}
