import { describe, expect, it } from '@jest/globals';
import { labelNameOf, labelOf } from './label.js';

describe('a label', () => {
  it.each(['Sales', 'a b', 'Grüße/☂', 'x'.repeat(100)])('%j has an id that leads back to it', (name) => {
    const { id } = labelOf(name);
    expect(id).toMatch(/^lbl_[\w-]+$/);
    expect(labelNameOf(id)).toBe(name);
  });

  it.each(['', 'lbl_', 'lbl_!', 'lbl_U2FsZXM=', 'xyz_U2FsZXM', `lbl_${'eHh4'.repeat(40)}`])('%j is none', (id) => {
    expect(() => labelNameOf(id)).toThrow(expect.objectContaining({ status: 404, code: 'not_found' }));
  });
});
