import { describe, expect, test } from '@jest/globals';
import { addToContext, currentContext, runInContext, runOutsideContext } from './work-context.js';

const context = (requestId: string): { requestId: string; traceparent: string } => ({ requestId, traceparent: 't' });

describe('work context', () => {
  test('follows a unit of work across awaits, apart from others', async () => {
    const seen = await Promise.all(
      ['one', 'two'].map((id) =>
        runInContext(context(id), async () => {
          await Promise.resolve();
          addToContext({ organizationId: `org_${id}` });
          await Promise.resolve();
          return currentContext();
        }),
      ),
    );
    expect(seen).toEqual([
      { requestId: 'one', traceparent: 't', organizationId: 'org_one' },
      { requestId: 'two', traceparent: 't', organizationId: 'org_two' },
    ]);
  });

  test('is absent outside of one', () => {
    addToContext({ messageId: 'msg_1' });
    expect(currentContext()).toBeUndefined();
    expect(runInContext(context('one'), () => runOutsideContext(currentContext))).toBeUndefined();
  });
});
