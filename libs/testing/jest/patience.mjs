import { jest } from '@jest/globals';

// Real servers on a machine that may be busy; what is under way is waited for by signal, not by time.
jest.setTimeout(30_000);
