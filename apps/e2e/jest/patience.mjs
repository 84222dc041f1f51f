import { jest } from '@jest/globals';

// A message crosses six processes and an SMTP server, on a machine that may be busy.
jest.setTimeout(300_000);
