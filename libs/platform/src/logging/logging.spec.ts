import { describe, expect, test } from '@jest/globals';
import { runInContext } from '../context/work-context.js';
import { notFound, unavailable } from '../errors/factories.js';
import { createLogger, type Logger } from './logger.js';
import { maskAddress, maskAddresses } from './mask-address.js';
import { NestPinoLogger } from './nest-pino-logger.js';
import { wideLine } from './wide-line.js';

interface Line {
  [field: string]: unknown;
}

function capture(level = 'trace'): { logger: Logger; lines: Line[]; text: () => string } {
  const written: string[] = [];
  const lines: Line[] = [];
  const write = (line: string): void => {
    written.push(line);
    lines.push(JSON.parse(line) as Line);
  };
  return { logger: createLogger('demo', level, { write }), lines, text: () => written.join('') };
}

const CANARY = 'canary@secret.example';

describe('maskAddress', () => {
  test('keeps the domain, and is the same for the same mailbox', () => {
    expect(maskAddress('Ann@Example.com')).toMatch(/^sha256:[0-9a-f]{8}@example\.com$/);
    expect(maskAddress('Ann@Example.com')).toBe(maskAddress('ann@example.com'));
    expect(maskAddress('bob@example.com')).not.toBe(maskAddress('ann@example.com'));
    expect(maskAddress('no address')).toMatch(/^sha256:[0-9a-f]{8}$/);
  });

  test('finds addresses in free text', () => {
    const text = maskAddresses(`Key (address)=(${CANARY}) already exists; to: <${CANARY}>, "${CANARY}"`);
    expect(text).not.toContain('canary');
    expect(text.match(/sha256:/g)).toHaveLength(3);
  });
});

describe('createLogger', () => {
  test('writes no content, no secret and no address, however it comes', () => {
    const { logger, lines, text } = capture();
    const cause = Object.assign(new Error(`duplicate key (${CANARY})`), {
      detail: CANARY,
      parameters: [CANARY],
      code: '23505',
    });
    logger.info({ what: 'x', subject: CANARY, message: { text: CANARY, id: 'msg_1' }, recipients: [CANARY] });
    logger.error({ err: new Error(`no luck with ${CANARY}`, { cause }) });
    logger.error({ err: CANARY });
    expect(text()).not.toContain('canary');
    expect(lines[0]).toMatchObject({
      service: 'demo',
      level: 'info',
      what: 'x',
      subject: '[redacted]',
      message: { id: 'msg_1' },
    });
    expect(lines[1]).toMatchObject({ err: { type: 'Error', cause: { code: '23505' } } });
  });

  test('leaves the logged object as it was', () => {
    const { logger } = capture();
    const fields = { message: { text: 'hello' } };
    logger.info(fields);
    expect(fields).toEqual({ message: { text: 'hello' } });
  });
});

describe('wideLine', () => {
  const context = { requestId: 'req_1', traceparent: 't', messageId: 'msg_1' };
  const outcomeOf = async (work: () => Promise<unknown>): Promise<Line | undefined> => {
    const { logger, lines } = capture();
    await wideLine(logger, 'send', work).catch(() => undefined);
    return lines[0];
  };

  test('is one line with the ids, what was added and how long it took', async () => {
    const { logger, lines } = capture();
    const result = await runInContext(context, () =>
      wideLine(logger, 'send', async (line) => {
        line.add({ recipientCount: 2, decision: 'hold' });
        line.add({ decision: 'pass' });
        return 7;
      }),
    );
    expect(result).toBe(7);
    expect(lines).toEqual([
      expect.objectContaining({
        ...context,
        level: 'info',
        what: 'send',
        recipientCount: 2,
        decision: 'pass',
        outcome: 'ok',
      }),
    ]);
    expect(lines[0]?.['durationMs']).toEqual(expect.any(Number));
  });

  test.each([
    ['info', 'not_found', notFound()],
    ['warn', 'unavailable', unavailable()],
    ['error', 'internal', new Error('bug')],
  ])('is %s with outcome %s for that error, which goes on', async (level, outcome, error) => {
    const { logger, lines } = capture();
    await expect(wideLine(logger, 'send', () => Promise.reject(error))).rejects.toBe(error);
    expect(lines).toEqual([expect.objectContaining({ level, outcome })]);
  });

  test('also takes work that throws before it returns', async () => {
    const line = await outcomeOf(() => {
      throw new Error('early');
    });
    expect(line).toMatchObject({ outcome: 'internal' });
  });
});

describe('NestPinoLogger', () => {
  test("keeps Nest's routine reports out of production, and addresses out of all", () => {
    const { logger, lines, text } = capture('info');
    const nest = new NestPinoLogger(logger);
    nest.log('Mapped {/v1, GET} route', 'RouterExplorer');
    nest.warn(`queue of ${CANARY} is long`, 'Queue');
    nest.error(new Error(CANARY), 'Queue');
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', context: 'Queue' }),
      expect.objectContaining({ level: 'error', context: 'Queue', err: expect.anything() }),
    ]);
    expect(text()).not.toContain('canary');
  });
});
