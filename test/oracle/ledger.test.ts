// The ledger as a thing of its own: on disk as it grows, readable after kill -9, and the sum of its parts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, truncateSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';

import { openLedger, type Ledger } from '../../src/oracle/ledger/ledger.ts';
import { readLedger } from '../../src/oracle/ledger/saved-ledger.ts';
import { batches, corpusOf, defaultFields, flat, judged, lineOf, linesOf, raw, viewOf, type Sent } from './fixtures.ts';

async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flowrig-ledger-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder: string, name: string, seed = 42): Ledger {
  return openLedger({ fields: [defaultFields], seed, folder: join(folder, name) });
}

function book(ledger: Ledger, sequence: number, records: readonly Sent[]): void {
  records.forEach((record, index) => ledger.arrive(sequence, viewOf(record), index));
}

/** Every row, in no order. */
function rowsOf(ledger: Ledger): string[] {
  const rows: string[] = [];
  for (let partition = 0; partition < 256; partition++) {
    const words = ledger.rows(partition);
    for (let at = 0; at < words.length; at += 4) rows.push(words.slice(at, at + 4).join());
  }
  return rows.toSorted();
}

test('ledgers of parts added give the tally of the whole, whichever part a delivery was booked in', async () => {
  const plan = fc.record({
    copies: fc.array(fc.nat({ max: 2 }), { minLength: 20, maxLength: 20 }),
    changed: fc.nat({ max: 19 }),
    partOf: fc.array(fc.nat({ max: 2 }), { minLength: 12, maxLength: 12 }),
  });
  const folder = await testFolder();
  await fc.assert(
    fc.asyncProperty(plan, async ({ copies, changed, partOf }) => {
      const lines = linesOf(20);
      const send = (i: number): Sent => {
        const line = i === changed ? lines[i]!.replace(' OK', ' KO') : lines[i]!;
        return i % 3 === 0 ? raw(line) : flat(line);
      };
      const deliveries = batches(
        copies.flatMap((count, i) => Array.from({ length: count }, () => send(i))),
        4,
      );
      const corpus = corpusOf([{ lines: lines.slice(0, 9) }, { lines: lines.slice(9) }]);
      const whole = await judged({ corpus, deliveries });
      // Each part counts its deliveries from 1: their places in the whole are given by where its first one stands.
      const parts = [0, 1, 2].map((part) => deliveries.filter((_, i) => partOf[i % 12] === part));
      await using sum = open(folder, 'sum');
      let base = 0;
      for (const [i, part] of parts.entries()) {
        await using ledger = open(folder, `part-${i}`);
        part.forEach((delivery, at) => book(ledger, at + 1, delivery.records));
        sum.add(ledger, base);
        base += part.length;
      }
      const added = await judged({ corpus, deliveries: parts.flat(), ledger: sum });
      expect({ ...added, latencyMs: 0, throughput: 0 }).toEqual({
        ...whole,
        latencyMs: 0,
        throughput: 0,
        verdict: added.verdict,
      });
    }),
    { seed: 20_260_102, numRuns: 15 },
  );
});

test('a part that was booked by another seed cannot be added', async () => {
  const folder = await testFolder();
  await using one = open(folder, 'one');
  await using other = open(folder, 'other', 43);
  expect(() => one.add(other, 0)).toThrow(/other was booked by another seed, other fields or other promises/);
});

test('what was booked is read from the disk after kill -9, every delivery but the last one', async () => {
  const folder = await testFolder();
  const path = join(folder, 'killed');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-ledger.ts'), path, '50'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  await using read = open(folder, 'read');
  read.add(readLedger(path), 0);
  await using booked = open(folder, 'booked');
  for (let sequence = 1; sequence < 50; sequence++) {
    const lines = Array.from({ length: 100 }, (_, index) => lineOf(sequence * 100 + index));
    book(
      booked,
      sequence,
      lines.map((line, index) => (index === 7 ? raw(line) : flat(line))),
    );
  }
  expect(read.arrivals).toBe(4900);
  expect(rowsOf(read)).toEqual(rowsOf(booked));
  expect(read.places()).toEqual(booked.places());
  expect(read.kinds).toEqual(booked.kinds);
  const names = (ledger: Ledger): string[][] => ledger.carriage().map((field) => field.names.toSorted());
  expect(names(read)).toEqual(names(booked));
});

test('a journal that was cut is read as far as it goes', async () => {
  const folder = await testFolder();
  await using ledger = open(folder, 'cut');
  book(ledger, 1, linesOf(100).map(raw));
  ledger.flush();
  const path = join(folder, 'cut', 'arrivals');
  const { size } = await stat(path);
  for (const [cut, rows] of [
    [1, 99],
    [8, 99],
    [9, 98],
    [size - 4, 0],
    [size, 0],
  ] as const) {
    truncateSync(path, size - cut);
    let count = 0;
    readLedger(join(folder, 'cut')).visit(() => void (count += 1));
    expect([cut, count]).toEqual([cut, rows]);
    await using again = open(folder, 'again');
    book(again, 1, linesOf(100).map(raw));
    again.flush();
    copyFileSync(join(folder, 'again', 'arrivals'), path);
  }
});

test('where a folder holds no ledger, that is said', () => {
  expect(() => readLedger('/nowhere')).toThrow(/^There is no ledger in \/nowhere: /);
});

test('the live count tells how many came again, within a part in a hundred, and none where none did', async () => {
  const folder = await testFolder();
  await using ledger = open(folder, 'live');
  const lines = linesOf(20_000);
  book(ledger, 1, lines.map(raw));
  expect(ledger.progress()).toEqual({ arrived: 20_000, different: 20_000, doubled: 0 });
  book(ledger, 2, lines.slice(0, 5000).map(raw));
  const { arrived, different, doubled } = ledger.progress();
  expect([arrived, different + doubled]).toEqual([25_000, 25_000]);
  expect(Math.abs(doubled - 5000)).toBeLessThan(200);
});
