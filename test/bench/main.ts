// `npm run bench -- [--full] [ROW...]`: each row several times, ours and its baseline side by side, because this tells more on a noisy machine
// than any absolute figure. Prints medians with their spread and leaves test/bench/latest.json.

import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

import { quantileSorted } from 'simple-statistics';

import type { Round, Row } from './row.ts';
import { rows } from './rows/index.ts';

const rounds = 5;
const size = process.argv.includes('--full') ? 'full' : 'usual';

interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly baseline: string;
  readonly goal: Row['goal'];
  readonly figures: { readonly ours: Spread; readonly baseline: Spread; readonly ratio: Spread };
  readonly notes: readonly string[];
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantileSorted(sorted, 0.5), least: sorted[0]!, most: sorted.at(-1)! };
}

async function measure(row: Row): Promise<Measured | string> {
  if (row.rounds === undefined) await row.run(size);
  const measured: Round[] = [];
  for (let round = 0; round < (row.rounds ?? rounds); round++) {
    const result = await row.run(size);
    if (typeof result === 'string') return result;
    measured.push(result);
  }
  const { name, unit, baseline, goal } = row;
  return {
    name,
    unit,
    baseline,
    goal,
    figures: {
      ours: spreadOf(measured.map(({ ours }) => ours)),
      baseline: spreadOf(measured.map((round) => round.baseline)),
      ratio: spreadOf(measured.map((round) => round.ours / round.baseline)),
    },
    notes: [...new Set(measured.flatMap(({ note }) => note ?? []))],
  };
}

function show({ median, least, most }: Spread): string {
  return `${short(median)} [${short(least)} .. ${short(most)}]`;
}

function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(0)} k` : value.toFixed(value < 10 ? 2 : 0);
}

function goalText({ ours, ratio, atMost }: Row['goal'], unit: string): string {
  const parts = [ours && `${short(ours)} ${unit}`, ratio && `ratio ${ratio}`, atMost && `at most ${short(atMost)}`];
  return parts.filter(Boolean).join(', ') || 'none';
}

const wanted = process.argv.slice(2).filter((word) => word !== '--full');
const results: Measured[] = [];
let skipped = 0;
for (const row of rows.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
  const result = await measure(row);
  if (typeof result === 'string') {
    skipped += 1;
    console.log(`${row.name}: skipped, ${result}`);
    continue;
  }
  results.push(result);
  const { ours, baseline, ratio } = result.figures;
  const goal = goalText(row.goal, row.unit);
  console.log(`${row.name} (${row.unit}${goal === '' ? '' : `; goal ${goal}`})`);
  console.log(`  ours      ${show(ours)}`);
  console.log(`  baseline  ${show(baseline)}  ${row.baseline}`);
  console.log(`  ratio     ${show(ratio)}`);
  for (const note of result.notes.slice(-1)) console.log(`  note      ${note}`);
}
if (skipped > 0) console.log(`${skipped} rows skipped`);
const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.versions.node };
const latest = { at: new Date().toISOString(), machine, rounds, rows: results };
writeFileSync(join(import.meta.dirname, 'latest.json'), `${JSON.stringify(latest, undefined, 2)}\n`);
