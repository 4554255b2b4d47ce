// What a Lambda function is: its code and its settings, and the variables that its sandboxes are given.

import path from 'node:path';

import type { StoreAddress } from '../core/model/trigger.ts';

/** Everything that all sandboxes of one function share. */
export interface FunctionSettings {
  readonly functionName: string;
  /** `nodejs22.x`. */
  readonly runtime: string;
  /** Absolute: what Lambda shows as /var/task. */
  readonly taskRoot: string;
  /** `index.handler`. */
  readonly handler: string;
  /** Run as given, never by its real path. */
  readonly interpreter: string;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  /** The user's own variables, over ours. */
  readonly env: Readonly<Record<string, string>>;
  readonly address: StoreAddress;
}

/** The account of AWS's own examples. */
const accountId = '123456789012';

/** The loop that runs handlers; plain JavaScript, so that any Node takes it as it is. */
const loopFile = path.join(import.meta.dirname, 'runtimes', 'node.mjs');

export function functionArn({ functionName, address }: FunctionSettings): string {
  return `arn:aws:lambda:${address.region}:${accountId}:function:${functionName}`;
}

/**
 * Arguments of the interpreter: a heap cut to the function's memory, as the start script of AWS's Node images does (`bootstrap` in
 * /var/runtime of public.ecr.aws/lambda/nodejs).
 */
export function interpreterArguments({ memoryBytes }: FunctionSettings): string[] {
  const memoryMib = Math.floor(memoryBytes / 1024 ** 2);
  const newSpaceMib = Math.floor(memoryMib / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.max(1, Math.floor(newSpaceMib / 2))}`,
    `--max-old-space-size=${memoryMib - newSpaceMib}`,
    loopFile,
  ];
}

/** What is one sandbox's alone. */
export interface SandboxSettings {
  readonly runtimeApi: string;
  readonly logStream: string;
  readonly home: string;
  readonly tmp: string;
}

/**
 * The environment is made, never inherited (Lambda guide, "Defined runtime environment variables"). The user's variables come
 * last, but for those that the sandbox itself stands on.
 */
export function variablesOf(settings: FunctionSettings, sandbox: SandboxSettings): Record<string, string> {
  const { address, taskRoot, memoryBytes } = settings;
  return {
    PATH: `${path.dirname(settings.interpreter)}:/usr/local/bin:/usr/bin:/bin`,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: sandbox.home,
    TMPDIR: sandbox.tmp,
    NODE_PATH: taskRoot,
    AWS_CONFIG_FILE: path.join(sandbox.home, '.aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(sandbox.home, '.aws', 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: address.accessKeyId,
    AWS_SECRET_ACCESS_KEY: address.secretAccessKey,
    AWS_SESSION_TOKEN: 'flowrig-session-token',
    AWS_REGION: address.region,
    AWS_DEFAULT_REGION: address.region,
    AWS_ENDPOINT_URL: address.endpoint,
    AWS_ENDPOINT_URL_S3: address.endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    ...settings.env,
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Math.floor(memoryBytes / 1024 ** 2)),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: sandbox.logStream,
    AWS_LAMBDA_RUNTIME_API: sandbox.runtimeApi,
    LAMBDA_RUNTIME_DIR: path.dirname(loopFile),
    LAMBDA_TASK_ROOT: taskRoot,
    _HANDLER: settings.handler,
  };
}
