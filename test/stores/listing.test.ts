// Laws of listing: whatever the keys, pages join to one list in S3's order, and nothing comes twice.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { openKeyIndex } from '../../src/stores/embedded/storage/key-index.ts';
import { listPage, type ListPosition, type ListQuery } from '../../src/stores/embedded/storage/listing.ts';

const key = fc.string({
  unit: fc.constantFrom('a', 'B', '/', '-', 'é', '豈', '\u{1F600}'),
  minLength: 1,
  maxLength: 6,
});
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** All pages joined: keys, common prefixes, and the size of each page. */
function listAll(sorted: readonly string[], query: ListQuery): { keys: string[]; prefixes: string[]; sizes: number[] } {
  const all = { keys: [] as string[], prefixes: [] as string[], sizes: [] as number[] };
  let from: ListPosition | undefined = query.from;
  do {
    const page = listPage(sorted, { ...query, ...(from ? { from } : {}) });
    all.keys.push(...page.keys);
    all.prefixes.push(...page.commonPrefixes);
    all.sizes.push(page.keys.length + page.commonPrefixes.length);
    from = page.next;
  } while (from);
  return all;
}

test('pages of any size join to what a plain filter gives', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 30 }),
      fc.string({ unit: fc.constantFrom('a', '/', 'é'), maxLength: 2 }),
      fc.constantFrom('', '/', '-', '//'),
      fc.record({ maxKeys: fc.integer({ min: 1, max: 5 }), startAfter: fc.option(key, { nil: undefined }) }),
      (keys, prefix, delimiter, { maxKeys, startAfter }) => {
        const sorted = keys.toSorted(byBytes);
        const from = startAfter === undefined ? {} : { from: { after: startAfter, isPrefix: false } };
        const listed = listAll(sorted, { prefix, delimiter, maxKeys, ...from });
        const wanted = sorted.filter(
          (each) => each.startsWith(prefix) && (startAfter === undefined || byBytes(each, startAfter) > 0),
        );
        const cut = (each: string): number => (delimiter === '' ? -1 : each.indexOf(delimiter, prefix.length));
        const prefixes = wanted
          .filter((each) => cut(each) !== -1)
          .map((each) => each.slice(0, cut(each) + delimiter.length));
        expect(listed.keys).toEqual(wanted.filter((each) => cut(each) === -1));
        expect(listed.prefixes).toEqual([...new Set(prefixes)]);
        expect(listed.sizes.slice(0, -1).every((size) => size === maxKeys)).toBe(true);
      },
    ),
    { seed: 4, numRuns: 500 },
  );
});

test('adding and removing keys in any order leaves what a set would hold, in the order of UTF-8 bytes', () => {
  const step = fc.tuple(fc.constantFrom('add', 'remove', 'list'), key);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
      const model = new Set<string>();
      const index = openKeyIndex((name) => model.has(name));
      for (const [what, name] of [...steps, ['list', ''] as const]) {
        if (what === 'add') {
          index.add(name);
          model.add(name);
        } else if (what === 'remove') {
          index.remove(name);
          model.delete(name);
        } else {
          expect(index.sorted()).toEqual([...model].toSorted(byBytes));
        }
      }
    }),
    { seed: 4, numRuns: 100 },
  );
});

test('an empty page is not truncated', () => {
  expect(listPage(['a', 'b'], { prefix: '', delimiter: '', maxKeys: 0 })).toEqual({ keys: [], commonPrefixes: [] });
});
