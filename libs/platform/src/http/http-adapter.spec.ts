import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addToContext, currentContext } from '../context/work-context.js';
import { rateLimited } from '../errors/factories.js';
import { createLogger } from '../logging/logger.js';
import { AppErrorFilter } from './app-error.filter.js';
import type { ErrorBody } from './error-body.js';
import { createHttpAdapter } from './http-adapter.js';

const BODY_LIMIT_BYTES = 1_000;
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

@Controller()
class EchoController {
  @Get('context')
  context(): unknown {
    return currentContext();
  }

  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: unknown, @Req() request: FastifyRequest): unknown {
    addToContext({ organizationId: 'org_1' });
    return { body: body ?? null, sameContext: currentContext()?.requestId === request.id };
  }

  @Get('items/:id')
  item(): unknown {
    return z.strictObject({ id: z.int() }).parse({ id: 'x' });
  }

  @Get('slow-down')
  slowDown(): never {
    throw rateLimited(2.2);
  }

  @Get('bug')
  bug(): never {
    throw new Error('canary');
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const lines: Record<string, unknown>[] = [];
const logger = createLogger('demo', 'info', {
  write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
});
let app: NestFastifyApplication;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(
    EchoModule,
    createHttpAdapter({ bodyLimitBytes: BODY_LIMIT_BYTES, logger }),
    { logger: false },
  );
  app.useGlobalFilters(new AppErrorFilter(logger));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(async () => {
  await app?.close();
});

const post = (payload: string, type = 'application/json'): ReturnType<typeof app.inject> =>
  app.inject({ method: 'POST', url: '/echo', payload, headers: { 'content-type': type } });

describe('request ids and contexts', () => {
  test("a caller's id and trace are taken", async () => {
    const reply = await app.inject({ url: '/context', headers: { 'x-request-id': 'abc-1', traceparent: TRACEPARENT } });
    expect(reply.headers['x-request-id']).toBe('abc-1');
    const context = reply.json<{ requestId: string; traceparent: string }>();
    expect(context.requestId).toBe('abc-1');
    expect(context.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
  });

  test.each(['', 'with space', 'x'.repeat(129), 'ü'])('the id %j is replaced', async (id) => {
    const reply = await app.inject({ url: '/context', headers: { 'x-request-id': id } });
    expect(reply.headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test('the context is there after a body was read, and its ids are in the line', async () => {
    lines.length = 0;
    expect((await post('{"a":1}')).json()).toEqual({ body: { a: 1 }, sameContext: true });
    expect(lines).toEqual([
      expect.objectContaining({
        what: 'http.request',
        method: 'POST',
        route: '/echo',
        status: 200,
        organizationId: 'org_1',
      }),
    ]);
  });
});

describe('bodies', () => {
  test('an empty one is none, whatever its type', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain'])
      expect((await post('', type)).json()).toMatchObject({ body: null });
    expect((await app.inject({ method: 'POST', url: '/echo' })).json()).toMatchObject({ body: null });
  });

  test('text is taken only where it was asked for', async () => {
    expect((await post('{"a":1}', 'text/plain')).statusCode).toBe(415);
    const adapter = createHttpAdapter({ textBodies: true });
    const takesText = await NestFactory.create<NestFastifyApplication>(EchoModule, adapter, { logger: false });
    await takesText.init();
    const reply = await takesText.inject({
      method: 'POST',
      url: '/echo',
      payload: '{"a":1}',
      headers: { 'content-type': 'text/plain; charset=UTF-8' },
    });
    expect(reply.json()).toMatchObject({ body: '{"a":1}' });
    await takesText.close();
  });
});

describe('errors', () => {
  test.each<[string, number, string, () => ReturnType<typeof app.inject>]>([
    ['malformed JSON', 400, 'bad_request', () => post('{bad')],
    ['__proto__ in JSON', 400, 'bad_request', () => post('{"__proto__":{"admin":true}}')],
    ['constructor.prototype in JSON', 400, 'bad_request', () => post('{"constructor":{"prototype":{"admin":true}}}')],
    ['a form', 415, 'unsupported_media_type', () => post('a=b', 'application/x-www-form-urlencoded')],
    ['a body over the limit', 413, 'payload_too_large', () => post(`"${'x'.repeat(BODY_LIMIT_BYTES)}"`)],
    ['an unknown route', 404, 'not_found', () => app.inject({ url: '/nothing' })],
    ['a wrong method', 404, 'not_found', () => app.inject({ method: 'DELETE', url: '/echo' })],
    ['a malformed path', 400, 'bad_request', () => app.inject({ url: '/items/%zz' })],
    ['a failed parse', 422, 'validation_error', () => app.inject({ url: '/items/1' })],
    ['an own error', 429, 'rate_limited', () => app.inject({ url: '/slow-down' })],
    ['a bug', 500, 'internal', () => app.inject({ url: '/bug' })],
  ])('%s is %i %s, with the request id', async (_what, status, code, send) => {
    const reply = await send();
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toContain('application/json');
    const { error } = reply.json<ErrorBody>();
    expect(error).toMatchObject({ code, status, message: expect.stringMatching(/\.$/) });
    expect(error.request_id).toBe(reply.headers['x-request-id']);
  });

  test('Retry-After is whole seconds, rounded up', async () => {
    expect((await app.inject({ url: '/slow-down' })).headers['retry-after']).toBe('3');
  });

  test("a bug's words stay inside, and are in the log", async () => {
    lines.length = 0;
    expect((await app.inject({ url: '/bug' })).body).not.toContain('canary');
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        what: 'http.error',
        err: expect.objectContaining({ cause: expect.objectContaining({ message: 'canary' }) }),
      }),
    );
  });
});
