import { describe, expect, it } from 'vitest';
import { bindHandlers, type NamedHandler } from './stage.handlers.js';
import { CHAIN } from './testing/pipeline.fixture.js';

class FirstHandler implements NamedHandler {
  readonly stage = 'first';
  readonly handle = (): Promise<never> => Promise.reject(new Error('Not run here.'));
}
class SecondFirstHandler extends FirstHandler {}
class OddHandler implements NamedHandler {
  readonly stage = 'odd';
  readonly handle = (): Promise<never> => Promise.reject(new Error('Not run here.'));
}

describe('bindHandlers', () => {
  it('binds each handler to its stage', () => {
    const handler = new FirstHandler();
    expect([...bindHandlers(CHAIN, ['first'], [handler])]).toEqual([['first', handler]]);
  });

  it.each([
    [[new FirstHandler()], 'No handler for stage "last". Add a class with that `stage` to the list of handlers'],
    [
      [new FirstHandler(), new SecondFirstHandler()],
      'Stage "first" has two handlers, FirstHandler and SecondFirstHandler. Remove one of them',
    ],
    [
      [new OddHandler()],
      'OddHandler handles stage "odd", which the pipeline does not have. Set its `stage` to one of: first, second, last.',
    ],
  ])('refuses a wrong list with the fix in the message', (handlers, message) => {
    expect(() => bindHandlers(CHAIN, ['first', 'last'], handlers)).toThrow(message);
  });
});
