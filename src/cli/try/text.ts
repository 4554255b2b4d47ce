// What `flowrig try` says to people: each rung as it is climbed, what it showed with the evidence, and in the end a flowrig.yaml to copy.

import { stringify } from 'yaml';

import type { Finding, RunResult } from '../../core/model/result.ts';
import { visible } from '../../report/text.ts';
import type { ClimbedRung } from '../../run/try/climb.ts';
import { adviceOf } from './advice.ts';

const logLinesShown = 20;

/** `told` are ids that lower rungs have explained; those of this one are added. */
export function rungText({ rung, result }: ClimbedRung, told: Set<string>): string {
  const { findings } = result.verdict;
  const again = findings.filter(({ id }) => told.has(id)).map(({ id }) => id);
  const fresh = findings.filter(({ id }) => !told.has(id));
  for (const { id } of fresh) told.add(id);
  const lines = [
    `${mark(result)} ${rung.name}: ${rung.title}${findings.length === 0 ? '. As it should be.' : ''}`,
    ...fresh.flatMap(findingLines),
    ...(again.length > 0 ? [`    again: ${again.join(', ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function mark({ verdict }: RunResult): string {
  return { pass: verdict.findings.length > 0 ? '·' : '✓', fail: '✗', unknown: '?' }[verdict.validity];
}

function findingLines({ id, validity, summary, witnesses }: Finding): string[] {
  const [first] = witnesses;
  const place =
    first?.key === undefined
      ? undefined
      : `s3://${first.bucket}/${first.key}${first.line === undefined ? '' : ` line ${first.line}`}`;
  const evidence = [
    place,
    first?.text,
    first?.arrived === undefined ? undefined : `arrived: ${first.arrived}`,
    first?.note?.trimEnd().split('\n').at(-1),
  ];
  return [
    `    ${validity === 'pass' ? 'advice' : validity}: ${visible(summary)}  (${id})`,
    ...evidence
      .filter((text): text is string => text !== undefined && text !== '')
      .map((text) => `      ${clip(visible(text))}`),
    ...(adviceOf[id] === undefined ? [] : [`      -> ${adviceOf[id]}`]),
  ];
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

/** Why nothing could be seen, and what to say: the end of the function's log, and the variables that its code reads. */
export function endText({ result }: ClimbedRung, log: string, variables: readonly string[]): string {
  const lines = log
    .slice(Math.max(0, log.lastIndexOf('\nSTART ')))
    .split('\n')
    .filter(Boolean);
  const settings = variables.map((name) => `--target env.${name}=${suggestionFor(name)}`);
  const wasLoaded = !result.verdict.findings.some(({ id }) => id === 'initialisation-failed');
  const unnamed = [
    "It may post to https://ingest.REGION.signoz.cloud, or to a URL from a variable: --target env.NAME='${sink.jsonUrl}'.",
  ];
  return [
    'Higher rungs would show nothing: nothing of the first one reached SigNoz.',
    ...(lines.length > 0
      ? ['The end of its log:', ...lines.slice(-logLinesShown).map((line) => `    ${visible(line)}`)]
      : []),
    ...(settings.length > 0
      ? ['Its code reads these variables; set those that it needs:', ...settings.map((setting) => `    ${setting}`)]
      : unnamed.filter(() => wasLoaded)),
    '',
  ].join('\n');
}

function suggestionFor(name: string): string {
  if (/KEY|TOKEN/.test(name)) return "'${sink.key}'";
  if (/BUCKET/.test(name)) return "'${store.bucket}'";
  if (/OTLP|OTEL/.test(name)) return "'${sink.otlpUrl}'";
  return /URL|ENDPOINT|HOST|SIGNOZ/.test(name) ? "'${sink.jsonUrl}'" : 'VALUE';
}

/** `target` is what was run, as flowrig.yaml says it; `notes` what scenarios need besides. */
export function closingText(rungs: readonly ClimbedRung[], target: unknown, notes: readonly string[]): string {
  const all = new Map(rungs.flatMap(({ result }) => result.verdict.findings).map((finding) => [finding.id, finding]));
  const idsOf = (validity: Finding['validity']): string[] =>
    [...all.values()].filter((finding) => finding.validity === validity).map(({ id }) => id);
  const counted = (ids: readonly string[], what: string): string[] =>
    ids.length === 0 ? [] : [`${what} (${ids.length}): ${ids.join(', ')}.`];
  const project = stringify({ version: 1, target }, { lineWidth: 0 }).trimEnd();
  return [
    '',
    ...(all.size === 0 ? [`Nothing is wrong on ${rungs.length} rungs.`] : []),
    ...counted(idsOf('fail'), 'Defects'),
    ...counted(idsOf('unknown'), 'Unknown'),
    ...counted(idsOf('pass'), 'Advice'),
    '',
    'To go on with scenarios (npx flowrig run core), copy this to flowrig.yaml:',
    '',
    ...[...project.split('\n'), ...notes.map((note) => `# ${note}`)].map((line) => `    ${line}`),
    '',
  ].join('\n');
}
