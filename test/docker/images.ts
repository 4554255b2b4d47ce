// Images for an engine without a registry, made of this machine's own files: a stand-in for Node's, and the LocalStack that
// test/localstack/prepare.sh has installed.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

export interface Images {
  /** Holds Node 24 and npm. */
  readonly node: string;
  /** Undefined where LocalStack is not installed. */
  readonly localstack: string | undefined;
  /** Holds AWS's client for Python, awslambdaric. Undefined where that is not installed. */
  readonly python: string | undefined;
}

/** What `buildFunctions` makes of test/docker/functions. */
export const functionImages = { python: 'flowrig-function-python', node: 'flowrig-function-node' };

/** What a registry would give. */
export const published: Images = {
  node: 'node:24.21.0-bookworm-slim',
  localstack: 'localstack/localstack:4.14.0',
  python: 'public.ecr.aws/lambda/python:3.13',
};

/** The name that the target contract asks for: in an engine of our own it can mean nothing else. */
const ownNode = 'node:24-slim';
const ownLocalstack = 'flowrig-localstack:test';
const ownPython = 'flowrig-python:test';

/** The image that docker/Dockerfile describes: `npm ci` and a build, so a minute or more. npm asks its registry by the host's network. */
export async function buildFlowrig(node: string): Promise<void> {
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  const words = ['build', '--network', 'host', '--build-arg', `NODE_IMAGE=${node}`, '--tag', 'flowrig'];
  await run('docker', [...words, '--file', 'docker/Dockerfile', '.'], { cwd: root, env, maxBuffer: 1 << 26 });
}

/** Images of functions, by Dockerfiles as users write them. */
export async function buildFunctions({ node, python }: Images): Promise<void> {
  const context = join(import.meta.dirname, 'functions');
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  for (const [language, base] of Object.entries({ node, python })) {
    if (base === undefined) continue;
    const words = ['build', '--build-arg', `BASE_IMAGE=${base}`, '--file', join(context, `Dockerfile.${language}`)];
    await run('docker', [...words, '--tag', functionImages[language as 'node' | 'python'], context], { env });
  }
}

/** Takes some seconds; `host` is the engine's DOCKER_HOST. */
export async function makeImages(host: string): Promise<Images> {
  const script = join(import.meta.dirname, 'make-image.sh');
  const env = { ...process.env, DOCKER_HOST: host };
  const npm = join(process.env['npm_execpath'] ?? '/usr/lib/node_modules/npm/bin/npm-cli.js', '../..');
  await run(script, ['node', ownNode, process.execPath, npm], { env });
  const make = async (kind: string, tag: string, python: string): Promise<string | undefined> => {
    if (!existsSync(python)) return undefined;
    await run(script, [kind, tag, python], { env });
    return tag;
  };
  const cache = join(root, 'node_modules/.cache');
  const named = join(cache, 'flowrig-localstack/python');
  return {
    node: ownNode,
    localstack: existsSync(named)
      ? await make('localstack', ownLocalstack, readFileSync(named, 'utf8').trim())
      : undefined,
    python: await make('python', ownPython, join(cache, 'flowrig-function-python/bin/python3')),
  };
}
