import type { AppError } from '../errors/app-error.js';

/** The one shape of an error over HTTP. */
export interface ErrorBody {
  error: {
    code: string;
    message: string;
    status: number;
    request_id: string;
    details?: Record<string, unknown>;
  };
}

/** An error as clients see it; its cause stays inside. */
export const errorBody = (error: AppError, requestId: string): ErrorBody => ({
  error: {
    code: error.code,
    message: error.message,
    status: error.httpStatus,
    request_id: requestId,
    ...(error.details !== undefined && { details: error.details }),
  },
});
