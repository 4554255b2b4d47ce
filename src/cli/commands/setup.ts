// `flowrig setup`: installs what a Python forwarder requires into the cache, so that runs need no network.

import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { exitCodes, FlowrigError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { makeEnvironment } from '../../lambda/python-environment.ts';
import { python } from '../../lambda/runtimes/python.ts';
import { findProject, readTarget } from '../../scenario/load.ts';
import { unknownWord } from '../../scenario/validate.ts';
import { codeMistake, requirementsOfCode, runtimeOfCode } from '../../targets/function-code.ts';
import { findBase, type InterpreterWish } from '../../targets/lambda-interpreter.ts';
import { machineOf } from '../../targets/machine.ts';

export interface SetupOptions {
  readonly runtime?: string;
}

export async function setUp(host: Host, path: string | undefined, options: SetupOptions): Promise<number> {
  if (options.runtime !== undefined && !python.runtimes.includes(options.runtime)) {
    throw new FlowrigError(
      'bad-usage',
      `--runtime: ${unknownWord('Python runtime', options.runtime, python.runtimes)}`,
    );
  }
  const named = wishOf(host, path);
  const wish = { ...named, runtime: options.runtime ?? named.runtime };
  if (!python.runtimes.includes(wish.runtime)) {
    host.write('stdout', `${wish.runtime} needs no preparation.\n`);
    return exitCodes.pass;
  }
  const machine = machineOf(host);
  const base = await findBase(wish, machine);
  const requirements = wish.requirements ?? requirementsOfCode(wish.code);
  const content = { base, ...(requirements === undefined ? {} : { requirements }) };
  const { cacheFolder } = machine;
  const onOutput = (text: string): void => host.write('stderr', text);
  const made = await makeEnvironment(content, { cacheFolder, env: host.env, onOutput });
  const what = requirements === undefined ? 'boto3' : `boto3 and ${requirements}`;
  host.write('stdout', `Python ${base.version ?? ''} with ${what} is ready: ${made}\n`);
  return exitCodes.pass;
}

/** PATH, else the target of flowrig.yaml, else the requirements.txt of the working folder. */
function wishOf(host: Host, path: string | undefined): InterpreterWish {
  const { cwd } = host;
  if (path !== undefined) return wishOfPath(resolve(cwd, path), cwd);
  const project = findProject(cwd);
  if (project?.value['target'] !== undefined) return wishOfPath(join(project.folder, 'flowrig.yaml'), cwd);
  return { code: cwd, runtime: python.defaultRuntime };
}

function wishOfPath(path: string, cwd: string): InterpreterWish {
  const isYaml = /\.ya?ml$/.test(path);
  if (existsSync(path) && statSync(path).isFile() && !isYaml && codeMistake(path)) {
    return { code: dirname(path), requirements: path, runtime: python.defaultRuntime };
  }
  const target = readTarget(path, cwd);
  // `builtin:forwarder`, or a mistake that `run` tells of.
  if (typeof target !== 'object' || target === null || !('code' in target)) return { code: cwd, runtime: 'nodejs24.x' };
  const wish = target as { code: string; handler?: string; runtime?: string };
  const runtime = wish.runtime ?? runtimeOfCode(wish.code, wish.handler);
  // A folder that is named on the command line may hold requirements only.
  const isPython = isYaml || wish.runtime !== undefined || requirementsOfCode(wish.code) === undefined;
  return { ...wish, runtime: isPython ? runtime : python.defaultRuntime };
}
