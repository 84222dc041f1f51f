import { Problem } from './problem.js';

/**
 * For what adorns a reply: a key that lacks the scope for it gets the reply without it.
 * @throws Problem any other refusal.
 */
export async function unlessForbidden<T, I>(asked: Promise<T>, instead: I): Promise<T | I> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.code === 'forbidden') return instead;
    throw error;
  }
}
