import { expect, test } from 'vitest';

import { unknownWord } from '../../src/scenario/validate.ts';

const words = ['object.cut', 'object.double-gzip', 'store.reset', 'sink.reset'];

test('a word that is near none of its room is answered by what the room has; the name of the room brings none nearer', () => {
  expect(unknownWord('kind of fault', 'object.truncated-gzip', words)).toBe(
    '"object.truncated-gzip" is not a known kind of fault. There is: object.cut, object.double-gzip.',
  );
  expect(unknownWord('kind of fault', 'tcp.half-open', words)).toBe(
    `"tcp.half-open" is not a known kind of fault. There is: ${words.join(', ')}.`,
  );
});

test('a word of a room is taken for the nearest there, and one of no room for the nearest of all', () => {
  expect(unknownWord('kind of fault', 'sink.rest', words)).toContain('Did you mean "sink.reset"?');
  expect(unknownWord('kind of fault', 'objects.cut', words)).toContain('Did you mean "object.cut"?');
  expect(unknownWord('kind of fault', 7, words)).toContain('7 is not a known kind of fault. There is: object.cut');
});
