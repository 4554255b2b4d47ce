// Markdown for a job summary or a pull request (GitHub Flavored Markdown): the verdict, what was lost, and the rest folded away. A
// comment of GitHub's takes 65,536 characters, which the limits below keep it under.

import type { Finding, RunResult } from '../core/model/result.ts';
import { judgedChecks, type JudgedCheck } from './judged.ts';
import { measureLines } from './measures.ts';
import { repetitions } from './repeat.ts';
import { clip, evidenceLines, visible } from './text.ts';

/** Findings that are told with their witnesses; the rest by one line each. */
const findingsShown = 6;
const linesListed = 20;
const summaryLimit = 600;
const evidence = { witnesses: 3, limit: 250 };

const marks = { pass: '✅', fail: '❌', unknown: '❔' } as const;

export function renderMarkdown(result: RunResult): string {
  const { verdict, scenario } = result;
  const shown = verdict.findings.filter((finding) => finding.validity !== 'pass');
  const notes = [
    ...verdict.findings.filter((finding) => finding.validity === 'pass').map((finding) => finding.summary),
    ...(result.warnings ?? []),
    ...(result.target.notes ?? []),
  ];
  const summary = String(scenario['summary'] ?? '');
  return `${[
    `## ${marks[verdict.validity]} ${verdict.validity.toUpperCase()} ${plain(scenario.name)}`,
    ...(summary === '' ? [] : [plain(summary)]),
    ...shown.slice(0, findingsShown).flatMap(findingBlocks),
    ...listed(shown.slice(findingsShown).map((finding) => `${marks[finding.validity]} ${sentence(finding)}`)),
    table(['Check', 'Verdict'], judgedChecks(result).map(checkRow)),
    folded('Counts and measures', table(['', ''], measureLines(result))),
    ...(notes.length === 0 ? [] : [folded('Notes', ...listed(notes.map(plain)))]),
    ...repeated(result),
  ].join('\n\n')}\n`;
}

function findingBlocks(finding: Finding): string[] {
  const lines = evidenceLines(finding, evidence);
  return [
    `**${marks[finding.validity]} ${sentence(finding)}**`,
    ...(lines.length === 0 ? [] : [fenced(lines.join('\n'))]),
  ];
}

function sentence({ summary, id }: Finding): string {
  return `${plain(summary)} (${code(id)})`;
}

function checkRow({ name, validity }: JudgedCheck): [string, string] {
  return [name, `${marks[validity]} ${validity}`];
}

function repeated(result: RunResult): string[] {
  const commands = repetitions(result);
  if (commands.length === 0) return [];
  const lines = commands.flatMap(([purpose, command]) => [`# ${purpose}`, visible(command)]);
  return [folded('Repeat it', fenced(lines.join('\n'), 'sh'))];
}

function listed(items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const rest = items.length - linesListed;
  const lines = items.slice(0, linesListed).map((item) => `- ${item}`);
  return [[...lines, ...(rest > 0 ? [`- and ${rest} more in result.json`] : [])].join('\n')];
}

function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const line = ([left, right]: readonly [string, string]): string => `| ${left} | ${right} |`;
  return [line(head), '| --- | --- |', ...rows.map(([left, right]) => line([plain(left), plain(right)]))].join('\n');
}

function folded(title: string, ...blocks: string[]): string {
  return ['<details>', `<summary>${title}</summary>`, ...blocks, '</details>'].join('\n\n');
}

/** Longer than any run of backticks in it, so that it ends where it should. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function code(word: string): string {
  return `\`${word.replaceAll('`', '')}\``;
}

/**
 * Text of others as text: no markup, no link, no table cell, and nobody is mentioned. A backslash before ASCII punctuation is the
 * mark alone (CommonMark, section 2.4); a comment behind `@` keeps GitHub from taking it for a name.
 */
function plain(text: string): string {
  return clip(text, summaryLimit)
    .replaceAll(/[\\`*_{}[\]<>#|~&!]|:(?=\/\/)/g, String.raw`\$&`)
    .replaceAll(/\b(www)\./gi, String.raw`$1\.`)
    .replaceAll('@', '@<!-- -->');
}
