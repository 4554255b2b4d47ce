// Node functions: our own loop runs their handler, or AWS's client where the function's package brings it.

import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

import type { Interpreter, InterpreterSearch, Launch, LaunchSettings, RuntimeFamily } from './family.ts';
import { executables, linesOf } from './probe.ts';

/** The loop is plain JavaScript, so that any Node takes it as it is. */
const loopFile = path.join(import.meta.dirname, 'node.mjs');

/**
 * aws/aws-lambda-nodejs-runtime-interface-client: where its start file stands in a package that brings it, in version 4, 3 and before.
 * Up to version 3 it takes the handler as its argument.
 */
const ownClients = ['index.mjs', 'bin/index.mjs', 'bin/index.js'].map((file) => `node_modules/aws-lambda-ric/${file}`);

const versionArguments = ['--print', 'process.versions.node'];

export const nodejs: RuntimeFamily = {
  language: 'Node',
  runtimes: ['nodejs24.x', 'nodejs22.x', 'nodejs20.x'],
  /** The last runtime that takes handlers of every style, callbacks included. */
  defaultRuntime: 'nodejs22.x',
  defaultHandler: 'index.handler',
  extensions: ['.mjs', '.cjs', '.js'],
  findInterpreter,
  versionArguments,
  launch,
};

/** The rig's own where nothing on the PATH is nearer. */
async function findInterpreter({ runtime, node, searchPath }: InterpreterSearch): Promise<Interpreter> {
  const wanted = majorOf(runtime.slice('nodejs'.length));
  const distance = ({ version }: Interpreter): number => Math.abs(majorOf(version ?? '0') - wanted);
  let best = node;
  const seen = new Set([realpathSync(node.path)]);
  for (const file of executables([`node${wanted}`, 'node'], searchPath)) {
    if (distance(best) === 0) break;
    const real = realpathSync(file);
    if (seen.has(real)) continue;
    seen.add(real);
    const [version] = (await linesOf(file, versionArguments, searchPath)) ?? [];
    const found = { path: file, ...(version === undefined ? {} : { version }) };
    if (distance(found) < distance(best)) best = found;
  }
  return best;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

function launch(settings: LaunchSettings): Launch {
  const { taskRoot, layersRoot, interpreter, handler } = settings;
  const client = ownClients.map((file) => path.join(taskRoot, file)).find(existsSync);
  const node = majorOf(settings.runtime.slice('nodejs'.length));
  const layers = layersRoot === undefined ? [] : [`nodejs/node${node}/node_modules`, 'nodejs/node_modules'];
  return {
    command: interpreter.path,
    arguments: [...heapArguments(settings), ...(client === undefined ? [loopFile] : [client, handler])],
    folders: [path.dirname(interpreter.path)],
    // The order of AWS's images (`NODE_PATH` in public.ecr.aws/lambda/nodejs).
    variables: { NODE_PATH: [...layers.map((folder) => path.join(layersRoot!, folder)), taskRoot].join(':') },
  };
}

/**
 * A heap cut to the function's memory, as the start script of AWS's Node images does (`bootstrap` in /var/runtime of
 * public.ecr.aws/lambda/nodejs).
 */
function heapArguments({ memoryBytes }: LaunchSettings): string[] {
  const memoryMib = Math.floor(memoryBytes / 1024 ** 2);
  const newSpaceMib = Math.floor(memoryMib / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.max(1, Math.floor(newSpaceMib / 2))}`,
    `--max-old-space-size=${memoryMib - newSpaceMib}`,
  ];
}
