import { Label } from '@postern/contracts';
import { Problem } from '../problem.js';

const PREFIX = 'lbl_';

/**
 * A label of Sentvia is a thing with an id, ours is a word on a message: the id is the word, so that nothing has to be kept. Its
 * colour is not kept either.
 */
export const labelOf = (name: string) => ({
  id: PREFIX + Buffer.from(name).toString('base64url'),
  name,
  color: null,
});

/** @throws Problem `not_found` for an id that is none of a label. */
export function labelNameOf(id: string): string {
  const name = Buffer.from(id.slice(PREFIX.length), 'base64url').toString();
  if (labelOf(name).id === id && Label.safeParse(name).success) return name;
  throw new Problem(404, 'not_found', 'There is no such label; POST /labels tells the id of a name.');
}
