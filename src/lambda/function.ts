// What a Lambda function is: its code and its settings, and the variables that its sandboxes are given.

import path from 'node:path';

import type { StoreAddress } from '../core/model/trigger.ts';
import { awsVariables } from './aws-variables.ts';
import type { LaunchSettings } from './runtimes/family.ts';
import { familyOf } from './runtimes/index.ts';
import { provided } from './runtimes/provided.ts';

/** What all sandboxes of one function share, however it is packaged. */
export interface FunctionFacts {
  readonly functionName: string;
  /** `index.handler`. */
  readonly handler: string;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  /** `share`: of the cores as its memory has it on Lambda. `full`: whatever the machine has. */
  readonly cpu: 'full' | 'share';
  /** The user's own variables, over ours. */
  readonly env: Readonly<Record<string, string>>;
  readonly address: StoreAddress;
}

/** One whose code lies on this machine. */
export interface FunctionSettings extends FunctionFacts, LaunchSettings {}

/** The account of AWS's own examples. */
export const accountId = '123456789012';

/** Where the loops that run handlers lie: what Lambda shows as /var/runtime. */
const runtimeFolder = path.join(import.meta.dirname, 'runtimes');

/** What Lambda shows read-only. */
export function codeFolders({ taskRoot, layersRoot }: LaunchSettings): readonly string[] {
  return layersRoot === undefined ? [taskRoot] : [taskRoot, layersRoot];
}

/** Of the function under test. */
export const defaultFunctionName = 'forwarder';

export function functionArn({ functionName, address }: FunctionFacts): string {
  return `arn:aws:lambda:${address.region}:${accountId}:function:${functionName}`;
}

/** What is one sandbox's alone. */
export interface SandboxSettings {
  /** Holds all that it may write to. */
  readonly folder: string;
  readonly logStream: string;
  readonly home: string;
  readonly tmp: string;
}

/**
 * The environment is made, never inherited (Lambda guide, "Defined runtime environment variables"). The user's variables come
 * last, but for those that the sandbox itself stands on.
 */
export function variablesOf(
  settings: FunctionSettings,
  sandbox: SandboxSettings,
  runtimeApi: string,
): Record<string, string> {
  const { address, taskRoot, layersRoot } = settings;
  const layers = layersRoot === undefined ? [] : [path.join(layersRoot, 'bin')];
  const launch = familyOf(settings.runtime).launch(settings);
  return {
    PATH: [...launch.folders, '/usr/local/bin', '/usr/bin', '/bin', ...layers].join(':'),
    PWD: taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: sandbox.home,
    TMPDIR: sandbox.tmp,
    ...launch.variables,
    ...(layersRoot === undefined ? {} : { LD_LIBRARY_PATH: path.join(layersRoot, 'lib') }),
    AWS_CONFIG_FILE: path.join(sandbox.home, '.aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(sandbox.home, '.aws', 'credentials'),
    ...awsVariables(address),
    ...(familyOf(settings.runtime) === provided ? {} : { AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}` }),
    ...settings.env,
    ...lambdaVariables(settings, sandbox, runtimeApi),
    LAMBDA_RUNTIME_DIR: runtimeFolder,
    LAMBDA_TASK_ROOT: taskRoot,
  };
}

/** What Lambda itself tells every runtime of its function. */
export function lambdaVariables(
  { functionName, memoryBytes, handler }: FunctionFacts,
  { logStream }: SandboxSettings,
  runtimeApi: string,
): Record<string, string> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Math.floor(memoryBytes / 1024 ** 2)),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    _HANDLER: handler,
  };
}
