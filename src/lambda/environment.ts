// What a function finds in its environment: made, never inherited. Lambda's own variables are those of the Lambda guide, "Working
// with Lambda environment variables".

import type { StoreAddress } from '../core/model/trigger.ts';

export interface FunctionSettings {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memoryBytes: number;
  /** Folder of the code. */
  readonly taskRoot: string;
}

export interface EnvironmentOptions {
  readonly settings: FunctionSettings;
  readonly address: StoreAddress;
  /** HOME and TMPDIR of one sandbox. */
  readonly home: string;
  readonly temp: string;
  readonly runtimeApi: string;
  readonly logStream: string;
  /** PATH of the interpreter. */
  readonly path: string;
  /** What the target's `env` says; it wins. */
  readonly own: Readonly<Record<string, string>>;
}

const account = '123456789012';

export function functionArn(settings: FunctionSettings, region: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${settings.name}`;
}

export function sandboxEnvironment(options: EnvironmentOptions): Record<string, string> {
  const { settings, address, home } = options;
  return {
    PATH: options.path,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: home,
    TMPDIR: options.temp,
    AWS_CONFIG_FILE: `${home}/aws-config`,
    AWS_SHARED_CREDENTIALS_FILE: `${home}/aws-credentials`,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: address.accessKeyId,
    AWS_SECRET_ACCESS_KEY: address.secretAccessKey,
    AWS_SESSION_TOKEN: 'flowrig-session',
    AWS_REGION: address.region,
    AWS_DEFAULT_REGION: address.region,
    AWS_ENDPOINT_URL_S3: address.endpoint,
    AWS_ENDPOINT_URL: address.endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_RUNTIME_API: options.runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Math.round(settings.memoryBytes / 1024 ** 2)),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: settings.taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: settings.handler,
    ...options.own,
  };
}
