// A function run as Lambda runs it: sandboxes with time and memory limits, frozen between events. It joins the user's settings with
// the sandboxes of the lambda room, and says so when what they name is not there.

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Clock } from '../core/clock.ts';
import { FlowrigError } from '../core/errors.ts';
import type { StoreAddress, Target } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import { openScope } from '../core/scope.ts';
import { openFunctionLog } from '../lambda/function-log.ts';
import type { FunctionSettings } from '../lambda/function.ts';
import { openPool } from '../lambda/pool.ts';
import type { Watchdog } from '../lambda/watchdog.ts';
import { hashCode } from './code-hash.ts';
import { codeMistake } from './function-code.ts';
import { defaultRuntime } from './lambda-kind.ts';

export interface LambdaTargetOptions {
  /** Absolute: a folder, or one .mjs, .cjs or .js file. */
  readonly code: string;
  /** Default: `index.handler` of a folder, the file's name and `.handler` of a file. */
  readonly handler?: string;
  /** Default: `defaultRuntime`. */
  readonly runtime?: string;
  /** Run by the path given. Default: `nodePath`. */
  readonly interpreter?: string;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** The user's own variables, over ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Default `forwarder`. */
  readonly functionName?: string;
  /** The run's folder: target.log goes there; HOME and TMPDIR of each sandbox lie below it while it runs. */
  readonly folder: string;
  readonly address: StoreAddress;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly watchdog: Watchdog;
  /** The Node that runs the rig. */
  readonly nodePath: string;
}

/**
 * Opens the function; its first sandbox starts with its first event. What the code does wrong, not to be importable included, is
 * an outcome of `invoke`. Rejects with a FlowrigError where `code` (file-missing) or the interpreter (interpreter-missing) is not
 * there.
 */
export async function openLambdaTarget(options: LambdaTargetOptions): Promise<Target> {
  const { concurrency, folder, clock, random, watchdog } = options;
  const settings = settingsOf(options);
  const scope = openScope();
  const codeSha256 = await hashCode(options.code);
  const log = scope.use(openFunctionLog(path.join(folder, 'target.log')));
  const sandbox = { settings, clock, random, watchdog, log };
  const pool = scope.use(openPool({ concurrency, sandbox, folder: path.join(folder, 'sandboxes') }));
  return {
    kind: 'lambda',
    drive: 'invoked',
    concurrency,
    codeSha256,
    invoke: (event, signal) => pool.invoke(event, signal),
    runningCount: () => pool.runningCount(),
    resources: () => pool.resources(),
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

function settingsOf(options: LambdaTargetOptions): FunctionSettings {
  const { code, memoryBytes, timeoutMs, env, address, nodePath } = options;
  const file = codeFile(code);
  return {
    functionName: options.functionName ?? 'forwarder',
    runtime: options.runtime ?? defaultRuntime,
    taskRoot: file === undefined ? code : path.dirname(code),
    handler: options.handler ?? `${file ?? 'index'}.handler`,
    interpreter: findInterpreter(options.interpreter ?? nodePath),
    memoryBytes,
    timeoutMs,
    env,
    address,
  };
}

/** Its name without the extension where the code is one file; undefined where it is a folder. */
function codeFile(code: string): string | undefined {
  const mistake = codeMistake(code);
  if (mistake) throw new FlowrigError(mistake.error, `target.code: "${code}" ${mistake.reason}`);
  return statSync(code).isDirectory() ? undefined : path.parse(code).name;
}

/** A bare name is looked up where the sandbox would. */
function findInterpreter(interpreter: string): string {
  const folders = interpreter.includes('/') ? [''] : ['/usr/local/bin', '/usr/bin', '/bin'];
  const found = folders.map((folder) => path.join(folder, interpreter)).find(isExecutable);
  if (found !== undefined) return found;
  const reason = existsSync(interpreter) ? 'cannot be executed' : 'does not exist';
  const message = `target.interpreter: "${interpreter}" ${reason}. Install it, name another one, or leave the key out: the Node that runs flowrig then takes its place.`;
  throw new FlowrigError('interpreter-missing', message);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
