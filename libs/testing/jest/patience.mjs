import { jest } from '@jest/globals';

// Real servers, and whatever takes a processor, on a machine that may be busy; what is under way is waited for by signal, not by time.
// Longer than `waitFor` is patient, so that it is the one who says what was waited for.
jest.setTimeout(120_000);
