// The screen for people: what a terminal shows in colour is the same text that a file holds without.

import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import { renderConsole } from '../../src/report/console.ts';
import { hostileResult, lost, sampleResult } from './sample-result.ts';

test('verdict, what was lost with its lines, counts, and where the rest lies', () => {
  const screen = renderConsole(sampleResult(), { files: ['/home/me/report.html'] });
  const lines = screen.split('\n');
  expect(lines[0]).toBe('FAIL  sample  A forwarder that loses lines.');
  expect(lines[2]).toMatch(/^ {2}✗ 3 of 2,000 owed records never arrived, .* line 5 {2}\(lost-records\)$/);
  expect(lines).toContain(`        ${lost.witnesses[0]!.text}`);
  expect(lines).toContain('  records     1,997 of 2,000 delivered, 3 missing');
  expect(lines.slice(-3)).toEqual([
    '  more        /home/me/runs/sample/20261126T133514.374Z',
    '  report      /home/me/report.html',
    '',
  ]);
});

test('a result from before a limit was told leaves it out', () => {
  const sample = sampleResult();
  const limits = { memory: 'polling', cpu: 'none', processes: 'none' } as const;
  expect(renderConsole({ ...sample, target: { ...sample.target, limits } }).split('\n')).toContain(
    '  limits      memory by polling, CPU not limited, processes not limited',
  );
});

test('colours add nothing but colours, and a badge to the verdict', () => {
  const plain = renderConsole(sampleResult());
  const painted = renderConsole(sampleResult(), { color: true });
  expect(plain).not.toContain('\u001B');
  expect(painted).toContain('\u001B');
  expect(stripVTControlCharacters(painted)).toBe(plain.replace('FAIL', ' FAIL '));
});

test('text of others does not steer the terminal', () => {
  const { verdict, ...result } = hostileResult();
  const screen = renderConsole({ ...result, scenario: sampleResult().scenario, folder: '/tmp/run', verdict });
  expect(screen).not.toMatch(/\u202E|[^\P{Cc}\n]/u);
  expect(screen).toContain(String.raw`\x1b[31m\x00`);
});
