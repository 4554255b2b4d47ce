// `flowrig try`: a bare forwarder, no YAML, up a fixed ladder of situations.

import { relative, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { awaitInterruption } from '../../core/interruption.ts';
import type { RunResult, Validity } from '../../core/model/result.ts';
import { ownVersion } from '../../core/version.ts';
import { climb, defaultBucket, type ClimbedRung } from '../../run/try/climb.ts';
import { isBucketName } from '../../stores/embedded/bucket-name.ts';
import { requirementsOfCode } from '../../targets/function-code.ts';
import { readLog } from '../invoke/show.ts';
import { findHandler, variablesIn } from '../try/handler.ts';
import { closingText, endText, rungText } from '../try/text.ts';

export interface TryOptions {
  readonly bucket?: string;
  /** `k=v`, each over the target. */
  readonly target: readonly string[];
  readonly out: string;
  readonly json?: boolean;
}

type Mapping = Readonly<Record<string, unknown>>;

const worstFirst: readonly Validity[] = ['fail', 'unknown', 'pass'];

export async function tryForwarder(host: Host, path: string, options: TryOptions): Promise<number> {
  checkOptions(options);
  const target = targetOf(host, path, options);
  using interruption = awaitInterruption(host);
  const say = (text: string): void => host.write(options.json ? 'stderr' : 'stdout', text);
  const { told, rungs } = { told: new Set<string>(), rungs: [] as ClimbedRung[] };
  const climbing = climb({
    host,
    version: ownVersion(),
    target: target.value,
    set: options.target.map((assignment) => `target.${assignment}`),
    ...(options.bucket === undefined ? {} : { bucket: options.bucket }),
    out: resolve(host.cwd, options.out),
    signal: interruption.signal,
    onRung: ({ name }) => void (host.isTerminal && host.write('stderr', `... ${name}\r`)),
  });
  for await (const climbed of climbing) {
    rungs.push(climbed);
    if (options.json) host.write('stdout', `${JSON.stringify({ rung: climbed.rung.name, ...climbed.result })}\n`);
    say(rungText(climbed, told));
    if (climbed.isEnd) say(endText(climbed, readLog(climbed.result.folder!), target.variables));
  }
  if (rungs.length > 0) say(closingText(rungs, targetToCopy(rungs[0]!.result, host.cwd), notesOf(rungs)));
  if (interruption.signal.aborted) return exitCodes.interrupted;
  const validities = rungs.map(({ result }) => result.verdict.validity);
  return exitCodes[worstFirst.find((validity) => validities.includes(validity)) ?? 'unknown'];
}

/** What scenarios call by other names. */
function checkOptions({ target, bucket }: TryOptions): void {
  const bare = target.find((assignment) => !assignment.includes('='));
  if (bare !== undefined) {
    throw new FlowrigError('bad-usage', `--target ${bare}: write it as key=value, like --target memory=256MB.`);
  }
  if (bucket !== undefined && !isBucketName(bucket)) {
    const rule = '3 to 63 lower-case letters, digits, hyphens and periods';
    throw new FlowrigError('bad-usage', `--bucket ${bucket}: is no bucket name of S3: ${rule}.`);
  }
}

interface BareTarget {
  readonly value: unknown;
  /** Variables that its code reads. */
  readonly variables: readonly string[];
}

function targetOf(host: Host, path: string, options: TryOptions): BareTarget {
  if (path.startsWith('builtin:')) return { value: path, variables: [] };
  const said = options.target.find((assignment) => assignment.startsWith('handler='))?.slice('handler='.length);
  const code = resolve(host.cwd, path);
  return { value: { kind: 'lambda', ...findHandler(code, said) }, variables: variablesIn(code) };
}

/** The target as it was run, without what follows from the rest by itself. */
function targetToCopy({ scenario }: RunResult, cwd: string): unknown {
  const {
    kind,
    runtime,
    code,
    handler,
    layers,
    env,
    concurrency: _,
    cpu: _cpu,
    ...rest
  } = scenario['target'] as Mapping;
  if (String(code).startsWith('builtin:')) return code;
  const near = (file: string): string => relative(cwd, file).replace(/^(?!\.\.)/, './');
  const requirements = requirementsOfCode(String(code));
  return {
    kind,
    runtime,
    code: near(String(code)),
    ...(handler === undefined ? {} : { handler }),
    ...(requirements === undefined ? {} : { requirements: near(requirements) }),
    ...rest,
    ...((layers as readonly string[]).length > 0 ? { layers } : {}),
    ...(Object.keys(env as object).length > 0 ? { env } : {}),
  };
}

/** What the code has in itself, and scenarios must be told. */
function notesOf(rungs: readonly ClimbedRung[]): string[] {
  const last = rungs.at(-1)!;
  const { bucket } = last.result.scenario['store'] as { bucket: string };
  const { trailingSlash } = last.result.scenario['sink'] as { trailingSlash: string };
  return [
    ...(bucket === defaultBucket ? [] : [`Its code names a bucket: run with --set store.bucket=${bucket}.`]),
    ...(trailingSlash === 'accept'
      ? ['Its URL ends in a slash: mend it, or run with --set sink.trailingSlash=accept.']
      : []),
    ...(last.hasOwnKey
      ? ['Its code has a key of its own: add sink: { key: THE KEY }, or take the key from a variable.']
      : []),
  ];
}
