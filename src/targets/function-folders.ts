// Where a function's files lie while it runs: its code as Lambda shows it at /var/task, its layers as at /opt.

import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import { FlowrigError } from '../core/errors.ts';
import { unpackZip, ZipMistake } from '../lambda/zip.ts';
import { codeMistake, isZip, layerMistake, type CodeMistake } from './function-code.ts';

export interface FunctionFolders extends Disposable {
  readonly taskRoot: string;
  readonly layersRoot?: string;
}

/**
 * A folder is used where it is, a .zip is unpacked below `folder`; so are layers, where there are several: later ones over earlier
 * ones, as on Lambda. Throws a FlowrigError for what is not there or cannot be unpacked.
 */
export function openFunctionFolders(code: string, layers: readonly string[], folder: string): FunctionFolders {
  check('code', code, codeMistake(code));
  layers.forEach((layer, index) => check(`layers.${index}`, layer, layerMistake(layer)));
  const made: string[] = [];
  const make = (name: string): string => {
    const target = path.join(folder, name);
    made.push(target);
    mkdirSync(target, { recursive: true });
    return target;
  };
  const isFolder = (file: string): boolean => statSync(file).isDirectory();
  const remove = (): void => made.forEach((target) => rmSync(target, { recursive: true, force: true }));
  try {
    let taskRoot = isFolder(code) ? code : path.dirname(code);
    if (isZip(code)) unpack('code', code, (taskRoot = make('task')));
    const [first, ...more] = layers;
    if (first === undefined) return { taskRoot, [Symbol.dispose]: remove };
    const layersRoot = more.length === 0 && isFolder(first) ? first : make('opt');
    if (layersRoot !== first) layers.forEach((layer, index) => addLayer(`layers.${index}`, layer, layersRoot));
    return { taskRoot, layersRoot, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function addLayer(key: string, layer: string, layersRoot: string): void {
  if (isZip(layer)) unpack(key, layer, layersRoot);
  else cpSync(layer, layersRoot, { recursive: true, verbatimSymlinks: true });
}

function unpack(key: string, file: string, folder: string): void {
  try {
    unpackZip(file, folder);
  } catch (error) {
    if (!(error instanceof ZipMistake)) throw error;
    check(key, file, { error: 'bad-scenario', reason: error.message });
  }
}

function check(key: string, file: string, mistake: CodeMistake | undefined): void {
  if (mistake) throw new FlowrigError(mistake.error, `target.${key}: "${file}" ${mistake.reason}`);
}
