// Finds what runs a function on this machine: the interpreter that the user names, else the nearest to its runtime; for Python the
// cached environment with boto3 and the requirements. Says what to do where something is missing.

import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { FlowrigError } from '../core/errors.ts';
import { environmentPython } from '../lambda/python-environment.ts';
import type { Interpreter, RuntimeFamily } from '../lambda/runtimes/family.ts';
import { familyOf } from '../lambda/runtimes/index.ts';
import { executables, isExecutable, linesOf } from '../lambda/runtimes/probe.ts';
import { python } from '../lambda/runtimes/python.ts';
import { requirementsOfCode } from './function-code.ts';
import type { Machine } from './machine.ts';

/** The part of a Lambda target that says what runs it. Paths are absolute. */
export interface InterpreterWish {
  readonly code: string;
  readonly runtime: string;
  /** A path, or a name to look up. */
  readonly interpreter?: string;
  readonly requirements?: string;
  /** Where the code and the layers lie, unpacked. */
  readonly taskRoot?: string;
  readonly layersRoot?: string | undefined;
}

export interface InterpreterFound {
  readonly interpreter: Interpreter;
  /** What people should know of it. */
  readonly notes: readonly string[];
}

/** Rejects with a FlowrigError where the machine has no interpreter, or no environment for Python's packages. */
export async function findInterpreter(wish: InterpreterWish, machine: Machine): Promise<InterpreterFound> {
  const family = familyOf(wish.runtime);
  const base = await findBase(wish, machine);
  const notes = versionNotes(wish.runtime, family, base);
  if (family !== python) return { interpreter: base, notes };
  const found = await findEnvironment(wish, base, machine);
  return { interpreter: found.interpreter, notes: [...notes, ...found.notes] };
}

/** The interpreter itself, without any environment. */
export async function findBase({ runtime, interpreter }: InterpreterWish, machine: Machine): Promise<Interpreter> {
  const family = familyOf(runtime);
  if (interpreter !== undefined) return namedInterpreter(interpreter, family, machine);
  const found = await family.findInterpreter({ runtime, ...machine });
  if (found) return found;
  const message = `target.runtime: ${runtime} needs ${family.language}, and the PATH has none. Install it, or name one with target.interpreter.`;
  throw new FlowrigError('interpreter-missing', message);
}

async function namedInterpreter(interpreter: string, family: RuntimeFamily, machine: Machine): Promise<Interpreter> {
  const { searchPath } = machine;
  const [file] = interpreter.includes('/')
    ? [interpreter].filter(isExecutable)
    : executables([interpreter], `${searchPath}:/usr/local/bin:/usr/bin:/bin`);
  if (file === undefined) {
    const reason = existsSync(interpreter) ? 'cannot be executed' : 'does not exist';
    const message = `target.interpreter: "${interpreter}" ${reason}. Install it, name another one, or leave the key out: what fits the runtime best then takes its place.`;
    throw new FlowrigError('interpreter-missing', message);
  }
  const [version] = (await linesOf(file, family.versionArguments, searchPath)) ?? [];
  return { path: file, ...(version === undefined ? {} : { version }) };
}

/** `nodejs22.x` asks for 22, `python3.13` for 3.13. */
function versionNotes(runtime: string, { language }: RuntimeFamily, { version }: Interpreter): string[] {
  const wanted = /\d+(?:\.\d+)?/.exec(runtime)![0];
  if (version === undefined || `${version}.`.startsWith(`${wanted}.`)) return [];
  return [`${runtime} ran on ${language} ${version}, the nearest on this machine.`];
}

async function findEnvironment(wish: InterpreterWish, base: Interpreter, machine: Machine): Promise<InterpreterFound> {
  const requirements = wish.requirements ?? requirementsOfCode(wish.code);
  const found = environmentPython(machine.cacheFolder, {
    base,
    ...(requirements === undefined ? {} : { requirements }),
  });
  // A user's own interpreter has what it has, unless requirements are named beside it.
  if (wish.interpreter !== undefined && wish.requirements === undefined) return { interpreter: base, notes: [] };
  if (existsSync(found)) return { interpreter: { ...base, path: found }, notes: [] };
  const setup = `npx flowrig setup ${requirements ?? wish.code} --runtime ${wish.runtime}`;
  if (requirements !== undefined) {
    const message = `target.requirements: ${requirements} is not installed yet. Do it once, with network: ${setup}`;
    throw new FlowrigError('environment-missing', message);
  }
  if (!importsBoto3(wish)) return { interpreter: base, notes: [] };
  if (await linesOf(base.path, ['-c', 'import boto3'], machine.searchPath)) {
    return {
      interpreter: base,
      notes: [`boto3 is the machine's own; ${setup} makes an environment as Lambda has it.`],
    };
  }
  const message = `target.code: ${wish.code} imports boto3, which Lambda brings and this machine lacks. Install it once, with network: ${setup}`;
  throw new FlowrigError('environment-missing', message);
}

/** Whether it needs the boto3 that Lambda brings; a copy of its own comes first there too. */
function importsBoto3({ code, taskRoot = code, layersRoot }: InterpreterWish): boolean {
  const brings = [taskRoot, ...(layersRoot === undefined ? [] : [path.join(layersRoot, 'python')])];
  if (brings.some((folder) => existsSync(path.join(folder, 'boto3')))) return false;
  const files = code.endsWith('.py')
    ? [code]
    : globSync('**/*.py', { cwd: taskRoot }).map((file) => path.join(taskRoot, file));
  return files.some((file) => /^\s*(?:import|from)\s+(?:boto3|botocore)\b/m.test(readFileSync(file, 'utf8')));
}
