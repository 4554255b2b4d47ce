import { expect, test } from 'vitest';

import { isBlank } from '../../src/flowlogs/blank.ts';

test('blank lines hold spaces, tabs and a CR at most', () => {
  const blank = ['', ' ', '\t \t', '\r', '  \r'];
  const filled = ['-', ' x ', '\r\r ', '\u2028', '\0'];
  const isBlankText = (text: string): boolean => isBlank(Buffer.from(text), 0, Buffer.byteLength(text));
  expect(blank.map(isBlankText)).toEqual(blank.map(() => true));
  expect(filled.map(isBlankText)).toEqual(filled.map(() => false));
});
