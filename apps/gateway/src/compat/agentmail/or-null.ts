import { Problem } from '../problem.js';

/** What was asked for; null when it is not there. @throws Problem any other refusal. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return null;
    throw error;
  }
}
