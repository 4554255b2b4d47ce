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
}

/** What a registry would give. */
export const published: Images = { node: 'node:24.21.0-bookworm-slim', localstack: 'localstack/localstack:4.14.0' };

/** The name that the target contract asks for: in an engine of our own it can mean nothing else. */
const ownNode = 'node:24-slim';
const ownLocalstack = 'flowrig-localstack:test';

/** The image that docker/Dockerfile describes: `npm ci` and a build, so a minute or more. npm asks its registry by the host's network. */
export async function buildFlowrig(node: string): Promise<void> {
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  const words = ['build', '--network', 'host', '--build-arg', `NODE_IMAGE=${node}`, '--tag', 'flowrig'];
  await run('docker', [...words, '--file', 'docker/Dockerfile', '.'], { cwd: root, env, maxBuffer: 1 << 26 });
}

/** Takes some seconds; `host` is the engine's DOCKER_HOST. */
export async function makeImages(host: string): Promise<Images> {
  const script = join(import.meta.dirname, 'make-image.sh');
  const env = { ...process.env, DOCKER_HOST: host };
  const npm = join(process.env['npm_execpath'] ?? '/usr/lib/node_modules/npm/bin/npm-cli.js', '../..');
  await run(script, ['node', ownNode, process.execPath, npm], { env });
  const python = join(root, 'node_modules/.cache/flowrig-localstack/python');
  if (!existsSync(python)) return { node: ownNode, localstack: undefined };
  await run(script, ['localstack', ownLocalstack, readFileSync(python, 'utf8').trim()], { env });
  return { node: ownNode, localstack: ownLocalstack };
}
