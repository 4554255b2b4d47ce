// What the status line says while a run goes on.

import { expect, test } from 'vitest';

import { renderLine } from '../../src/cli/progress.ts';

const progress = {
  phase: 'load',
  objectsStored: 2,
  objects: 4,
  arrived: 500,
  different: 500,
  doubled: 0,
  lines: 1000,
  elapsedMs: 1000,
} as const;

test('the status line tells what arrived, how fast, and how long the rest will take', () => {
  expect(renderLine('quickstart', progress)).toBe(
    'quickstart  load  ████████████░░░░░░░░░░░░ 500 arrived of 1,000 records, 500/s, 1.0 s left',
  );
});

test('records that came twice fill no bar, and are told', () => {
  expect(renderLine('quickstart', { ...progress, different: 250, doubled: 250 })).toBe(
    'quickstart  load  ██████░░░░░░░░░░░░░░░░░░ 500 arrived (about 250 twice) of 1,000 records, 500/s, 1.5 s left',
  );
});
