// Python functions: our own loop runs their handler, or AWS's client where the function's package brings it.

import { existsSync } from 'node:fs';
import path from 'node:path';

import type { Interpreter, InterpreterSearch, Launch, LaunchSettings, RuntimeFamily } from './family.ts';
import { executables, linesOf } from './probe.ts';

/** The loop uses the standard library only. */
const loopFile = path.join(import.meta.dirname, 'python.py');

/** aws/aws-lambda-python-runtime-interface-client. */
const ownClient = 'awslambdaric';

const runtimes = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9'];

const versionArguments = ['-c', 'import platform; print(platform.python_version())'];

export const python: RuntimeFamily = {
  language: 'Python',
  runtimes,
  defaultRuntime: 'python3.13',
  defaultHandler: 'lambda_function.lambda_handler',
  extensions: ['.py'],
  findInterpreter,
  versionArguments,
  launch,
};

/** 13 of `python3.13` and of `3.13.1`. */
export function minorOf(version: string): number {
  return Number(/3\.(\d+)/.exec(version)?.[1]);
}

/**
 * The nearest by its minor version, `python3` where others are no nearer. What a launcher such as pyenv's leads to is taken itself: a
 * launcher costs 0.1 s at each start.
 */
async function findInterpreter({ runtime, searchPath }: InterpreterSearch): Promise<Interpreter | undefined> {
  const distance = (version: string): number => Math.abs(minorOf(version) - minorOf(runtime));
  const probe = async (file: string): Promise<Interpreter | undefined> => {
    const script = 'import platform, sys; print(platform.python_version()); print(sys.executable)';
    const [version, executable] = (await linesOf(file, ['-c', script], searchPath)) ?? [];
    return version?.startsWith('3.') && executable ? { path: executable, version } : undefined;
  };
  let best: Interpreter | undefined;
  for (const file of executables(['python3', 'python'], searchPath)) {
    best = await probe(file);
    if (best) break;
  }
  const nearer = runtimes.filter((name) => best === undefined || distance(name) < distance(best.version!));
  const others = await Promise.all([...executables(nearer, searchPath)].map(probe));
  for (const found of others) {
    if (found && (best === undefined || distance(found.version!) < distance(best.version!))) best = found;
  }
  return best;
}

function launch({ runtime, taskRoot, layersRoot, handler, interpreter }: LaunchSettings): Launch {
  const packages = `lib/python3.${minorOf(interpreter.version ?? runtime)}/site-packages`;
  // Packages of layers (Lambda guide, "Packaging your layer content").
  const layers =
    layersRoot === undefined ? [] : [`python/${packages}`, 'python'].map((at) => path.join(layersRoot, at));
  const environment = path.join(path.dirname(interpreter.path), '..', packages);
  const hasClient = [taskRoot, ...layers, environment].some((folder) =>
    existsSync(path.join(folder, ownClient, '__main__.py')),
  );
  return {
    command: interpreter.path,
    // -B: Lambda's code is read-only, so no __pycache__ appears in it either.
    arguments: ['-B', ...(hasClient ? ['-m', ownClient, handler] : [loopFile])],
    folders: [path.dirname(interpreter.path)],
    variables: layers.length === 0 ? {} : { PYTHONPATH: layers.join(':') },
  };
}
