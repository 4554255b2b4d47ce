import fc from 'fast-check';
import { expect, test } from 'vitest';

import { quantityKinds, type QuantityKind } from '../../src/core/quantity.ts';
import {
  formatBytes,
  formatCount,
  formatInstant,
  formatMs,
  formatRate,
  parseCount,
  parseDurationMs,
  parseMemoryBytes,
  parseRatePerS,
  parseShare,
  parseSizeBytes,
} from '../../src/core/units.ts';

test('quantities are read as people write them, and nothing else is', () => {
  expect(['200k', '1.5M', '200_000', 7, '0'].map(parseCount)).toEqual([200_000, 1_500_000, 200_000, 7, 0]);
  expect(['512B', '64kB', '1MiB', 12].map(parseSizeBytes)).toEqual([512, 64_000, 1_048_576, 12]);
  expect(['512MB', '1GB', '128MiB', 128].map(parseMemoryBytes)).toEqual([2 ** 29, 2 ** 30, 2 ** 27, 2 ** 27]);
  expect(['250ms', '5s', '2m', '6h', 0].map(parseDurationMs)).toEqual([250, 5000, 120_000, 21_600_000, 0]);
  expect([0.05, '5%', '0.05', 1, '100%'].map(parseShare)).toEqual([0.05, 0.05, 0.05, 1, 1]);
  expect(['5k/s', '10/s'].map(parseRatePerS)).toEqual([5000, 10]);
  expect(['', 'k', '1x', '-1', '1e3', '1 000', -1, NaN].map(parseCount)).toEqual(Array(8).fill(undefined));
  expect(['5', '5 years', '-1s'].map(parseDurationMs)).toEqual(Array(3).fill(undefined));
  expect(['101%', 1.1, -0.1, 'half', ''].map(parseShare)).toEqual(Array(5).fill(undefined));
});

test('what a configuration may say, a unit can read: nothing that is valid is taken for absent', () => {
  const readers: Readonly<Record<QuantityKind, (text: string) => number | undefined>> = {
    count: parseCount,
    size: parseSizeBytes,
    memory: parseMemoryBytes,
    duration: parseDurationMs,
    share: parseShare,
  };
  for (const [kind, read] of Object.entries(readers) as [QuantityKind, (text: string) => number | undefined][]) {
    const pattern = new RegExp(quantityKinds[kind].pattern);
    fc.assert(
      fc.property(fc.stringMatching(pattern), (text) => read(text) !== undefined),
      { seed: 1, numRuns: 300 },
    );
  }
  const share = new RegExp(quantityKinds.share.pattern);
  expect(['120%', '1.5', '100.5%', '2', '-1%'].filter((text) => share.test(text))).toEqual([]);
  expect(['100%', '100.0%', '1.0', '0', '.5%', '5 %', '99.9%'].filter((text) => !share.test(text))).toEqual([]);
});

test('figures are written so that they can be read aloud', () => {
  expect([179_999, 59_400, 60_000, 85, 1.25, 125_000].map(formatMs)).toEqual([
    '3 min 0 s',
    '59.4 s',
    '1 min 0 s',
    '85 ms',
    '1.3 ms',
    '2 min 5 s',
  ]);
  expect([6.972983, 1536, 5 * 1024 ** 3, 0].map(formatBytes)).toEqual(['7 B', '1.5 KiB', '5.0 GiB', '0 B']);
  expect([1_234_567.4, 12].map(formatCount)).toEqual(['1,234,567', '12']);
  expect([0.04, 9.96, 109_646].map(formatRate)).toEqual(['0.0', '10.0', '109,646']);
});

test('an instant is written as Date writes it, within a second and across seconds', () => {
  const times = [
    0, 0.9, 1, 999, 1000, 1_767_225_600_123.75, 1_767_225_600_124, 1_767_225_599_999, -1, 253_402_300_800_000,
  ];
  for (const ms of times) expect(formatInstant(ms)).toBe(new Date(ms).toISOString());
});
