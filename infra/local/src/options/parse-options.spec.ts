import { describe, expect, test } from '@jest/globals';
import { parseOptions, UsageError } from './parse-options.js';

describe('the command line', () => {
  test('without options', () => {
    expect(parseOptions([])).toEqual({ dataDir: '.postern', port: 3000, replicas: 1, help: false });
  });

  test('with every option, in both spellings', () => {
    const expected = { dataDir: 'd', port: 0, replicas: 2, help: true };
    expect(parseOptions(['--data-dir', 'd', '--port', '0', '--replicas', '2', '--help'])).toEqual(expected);
    expect(parseOptions(['--data-dir=d', '--port=0', '--replicas=2', '-h'])).toEqual(expected);
  });

  test.each([
    [['--prot', '1'], /Unknown option '--prot'; --help lists the options\.$/],
    [['extra'], /extra/],
    [['--port'], /--port/],
    [['--port', '65536'], /--port takes a whole number from 0 to 65535, not "65536"\./],
    [['--port', '3e3'], /--port takes a whole number/],
    [['--replicas', '0'], /--replicas takes a whole number from 1 to 8/],
    [['--data-dir', ''], /--data-dir needs/],
  ])('%j is refused in one sentence', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(sentence);
  });
});
