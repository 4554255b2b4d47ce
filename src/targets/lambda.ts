// A function run as Lambda runs it: sandboxes with time and memory limits, frozen between events. It joins the user's settings with
// the sandboxes of the lambda room, and says so when what they name is not there.

import type { Clock } from '../core/clock.ts';
import { FlowrigError } from '../core/errors.ts';
import type { StoreAddress, Target, TargetLimits } from '../core/model/trigger.ts';
import type { RandomSource } from '../core/random.ts';
import { openInScope, type Scope } from '../core/scope.ts';
import type { Cgroups } from '../lambda/cgroups.ts';
import { codeFolders, defaultFunctionName, type FunctionSettings } from '../lambda/function.ts';
import { findReadOnlyCode } from '../lambda/read-only-code.ts';
import { RuntimeProcess } from '../lambda/runtime-process.ts';
import type { Runtime, RuntimePlace } from '../lambda/runtime.ts';
import { familyOf } from '../lambda/runtimes/index.ts';
import { bootstrapOf, provided } from '../lambda/runtimes/provided.ts';
import type { Watchdog } from '../lambda/watchdog.ts';
import { hashCode } from './code-hash.ts';
import { handlerOfCode, runtimeOfCode } from './function-code.ts';
import { openFunctionFolders, type FunctionFolders } from './function-folders.ts';
import { findInterpreter } from './lambda-interpreter.ts';
import type { Machine } from './machine.ts';
import { openSandboxes } from './sandboxes.ts';

export interface LambdaTargetOptions {
  /** Absolute: a folder, a .zip, one module, or a bootstrap. */
  readonly code: string;
  /** Absolute: folders or .zip files; what they hold stands in for /opt. */
  readonly layers?: readonly string[];
  /** Default: `handlerOfCode`. */
  readonly handler?: string;
  /** Default: `runtimeOfCode`. */
  readonly runtime?: string;
  /** Run by the path given. Default: what the machine has that is nearest to the runtime. */
  readonly interpreter?: string;
  /** Absolute path of a requirements file, for Python. Default: the requirements.txt beside the code. */
  readonly requirements?: string;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Refuses what is beyond the concurrency, as a reserved one does. Default: no. */
  readonly throttles?: boolean;
  /** Default `full`. */
  readonly cpu?: 'full' | 'share';
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
  readonly machine: Machine;
}

/**
 * Opens the function; its first sandbox starts with its first event. What the code does wrong, not to be importable included, is
 * an outcome of `invoke`. Rejects with a FlowrigError where `code` (file-missing), the interpreter (interpreter-missing) or Python's
 * packages (environment-missing) are not there.
 */
export function openLambdaTarget(options: LambdaTargetOptions): Promise<Target> {
  return openInScope((scope) => openIn(scope, options));
}

async function openIn(scope: Scope, options: LambdaTargetOptions): Promise<Target> {
  const { concurrency, folder, clock, random, watchdog } = options;
  const folders = scope.use(openFunctionFolders(options.code, options.layers ?? [], folder));
  const { settings, notes } = await settingsOf(options, folders);
  const codeSha256 = await hashCode(options.code);
  const { cgroups } = options.machine;
  const readOnlyCode = await findReadOnlyCode(codeFolders(settings), folder);
  const newRuntime = (place: RuntimePlace): Runtime =>
    new RuntimeProcess({ settings, place, clock, watchdog, readOnlyCode });
  const own = { settings, newRuntime, clock, random, watchdog, cgroups };
  const sandboxes = openSandboxes(scope, { ...own, concurrency, folder });
  return {
    kind: 'lambda',
    drive: 'invoked',
    concurrency,
    throttles: options.throttles ?? false,
    codeSha256,
    runtime: settings.runtime,
    interpreter: interpreterName(settings),
    notes,
    limits: { ...limitsOf(settings, cgroups), code: readOnlyCode ? 'read-only' : 'writable' },
    ...sandboxes,
    [Symbol.asyncDispose]: () => scope[Symbol.asyncDispose](),
  };
}

async function settingsOf(
  options: LambdaTargetOptions,
  { taskRoot, layersRoot }: FunctionFolders,
): Promise<{ settings: FunctionSettings; notes: readonly string[] }> {
  const { code, memoryBytes, timeoutMs, env, address } = options;
  const runtime = options.runtime ?? runtimeOfCode(code, options.handler);
  const { interpreter, notes } = await findInterpreter({ ...options, taskRoot, layersRoot, runtime }, options.machine);
  const layers = layersRoot === undefined ? {} : { layersRoot };
  if (familyOf(runtime) === provided && bootstrapOf({ taskRoot, ...layers }) === undefined) {
    const message = `target.code: "${code}" holds no bootstrap, which ${runtime} runs. Build it there, an executable of that name.`;
    throw new FlowrigError('bad-scenario', message);
  }
  const settings = {
    functionName: options.functionName ?? defaultFunctionName,
    runtime,
    taskRoot,
    ...layers,
    handler: options.handler ?? handlerOfCode(code, runtime),
    interpreter,
    memoryBytes,
    timeoutMs,
    cpu: options.cpu ?? ('full' as const),
    env,
    address,
  };
  return { settings, notes };
}

function limitsOf({ cpu }: FunctionSettings, cgroups: Cgroups | undefined): Omit<TargetLimits, 'code'> {
  const { version = 'polling', limitsCpu = false, limitsProcesses = false } = cgroups ?? {};
  return {
    memory: version,
    cpu: cpu === 'share' && limitsCpu ? version : 'none',
    processes: limitsProcesses ? version : 'polling',
  };
}

/** `Python 3.11.7`, where it told its version. */
function interpreterName({ runtime, interpreter }: FunctionSettings): string {
  return interpreter.version === undefined ? interpreter.path : `${familyOf(runtime).language} ${interpreter.version}`;
}
