// The screen for people: what a terminal shows in colour is the same text that a file holds without.

import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import type { StoryStep } from '../../src/core/model/result.ts';
import { renderConsole } from '../../src/report/console.ts';
import { renderHtml } from '../../src/report/html/index.ts';
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

test('the first witness of a finding tells the story of its object, with the time since its PUT', () => {
  const story = [
    { atMs: 1000, step: 'put', text: 'stored, 10 kB' },
    { atMs: 1400, step: 'invoked', text: 'attempt 1 began' },
    { atMs: 4400, step: 'ended', text: 'attempt 1 timed-out: \u001B[31mTask timed out' },
  ] as const;
  const { verdict, ...result } = sampleResult();
  const finding = { ...lost, witnesses: [{ ...lost.witnesses[0]!, story }, ...lost.witnesses.slice(1)] };
  const screen = renderConsole({ ...result, verdict: { ...verdict, findings: [finding] } });
  const steps = screen.split('\n').filter((line) => /^ +[\d.]+ m?s {2}\w/.test(line));
  expect(steps.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['0.0 ms', 'put', 'stored, 10 kB'],
    ['400 ms', 'invoked', 'attempt 1 began'],
    ['3.4 s', 'ended', String.raw`attempt 1 timed-out: \x1b[31mTask timed out`],
  ]);
});

test('a long story is cut, but not where things went wrong', () => {
  const story = Array.from({ length: 25 }, (_, i): StoryStep => {
    const answer = {
      atMs: i,
      step: 'answered',
      text: `request ${i} was answered with ${i === 12 ? 400 : 200}`,
    } as const;
    return i === 12 ? { ...answer, fault: 'sink.status' } : answer;
  });
  const { verdict, ...result } = sampleResult();
  const finding = { ...lost, witnesses: [{ ...lost.witnesses[0]!, story }] };
  const screen = renderConsole({ ...result, verdict: { ...verdict, findings: [finding] } });
  const told = screen.split('\n').flatMap((line) => /request \d+ was.*|\.\.\. \d+ more steps/.exec(line)?.[0] ?? []);
  expect(told.slice(4, 9)).toEqual([
    'request 4 was answered with 200',
    '... 7 more steps',
    'request 12 was answered with 400',
    '... 7 more steps',
    'request 20 was answered with 200',
  ]);
  const html = renderHtml({ result: { ...result, verdict: { ...verdict, findings: [finding] } } });
  const folded = html.match(/<details class="between">[^]*?<\/details>/g)!.join('');
  expect([html.includes('answered with 400'), folded.includes('answered with 400')]).toEqual([true, false]);
});

test('the end of what a forwarder printed is told without empty lines and without frames of the runtime', () => {
  const output = [
    'Invoke Error {',
    '    at fetch (node:internal/deps/undici/undici:17857:10)',
    '    at post (file:///home/me/post.mjs:47:10)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
    '    at async invokeOnce (file:///usr/lib/flowrig/dist/lambda/runtimes/node.mjs:226:27) {',
    "  code: 'ERR_INVALID_URL'",
    '}',
    '',
  ];
  const { verdict, ...result } = sampleResult();
  const finding = { ...lost, witnesses: [{ note: output.join('\n') }] };
  const screen = renderConsole({ ...result, verdict: { ...verdict, findings: [finding] } });
  const told = screen.split('\n').filter((line) => line.startsWith('        '));
  expect(told.map((line) => line.trim())).toEqual([
    'Invoke Error {',
    'at post (file:///home/me/post.mjs:47:10)',
    "code: 'ERR_INVALID_URL'",
    '}',
  ]);
});

test('fields are told where some arrived altered, or were declared', () => {
  const row = { carried: 10, intact: 10, altered: 0, kinds: {}, confusedWith: {} };
  const layout = { source: 'inferred', arrivals: 10, explained: 10, examined: 0 } as const;
  const fields = [
    { ...row, field: 'start', names: ['start'] },
    { ...row, field: 'end', names: ['end'] },
  ];
  const told = (changed: object): string | undefined =>
    renderConsole({ ...sampleResult(), layout: { ...layout, fields, ...changed } })
      .split('\n')
      .find((line) => line.startsWith('  fields'));
  expect(told({})).toBeUndefined();
  expect(told({ source: 'declared' })).toBe('  fields      2 of 2 found as declared');
  const altered = { ...fields[1]!, altered: 4, intact: 6, kinds: { 'shifted-column': 4 }, confusedWith: { start: 4 } };
  expect(told({ fields: [fields[0]!, altered] })).toBe(
    '  fields      2 of 2 found by their names, end altered 4x (shifted-column 4, for it start)',
  );
});
