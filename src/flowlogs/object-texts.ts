// The plain text of generated objects, one at a time in memory: a file of AWS's may have 75 MB.

import type { CorpusObject } from '../core/model/corpus.ts';
import { ObjectLines, type LineModel, type Run } from './object-lines.ts';

export class ObjectTexts {
  readonly #header: Buffer;
  readonly #lines: ObjectLines;
  readonly #runs: (index: number) => readonly Run[];
  #page = Buffer.alloc(0);
  #before: Promise<unknown> = Promise.resolve();

  constructor(model: LineModel, fields: readonly string[], runs: (index: number) => readonly Run[]) {
    this.#header = Buffer.from(`${fields.join(' ')}\n`, 'latin1');
    this.#lines = new ObjectLines(model);
    this.#runs = runs;
  }

  /** Header line included. Valid until the next call. */
  text({ index, lineCount }: CorpusObject): Uint8Array {
    const sizeMax = this.#header.length + lineCount * this.#lines.lineSpaceBytes;
    if (this.#page.length < sizeMax) this.#page = Buffer.allocUnsafeSlow(sizeMax);
    this.#page.set(this.#header);
    const view = new DataView(this.#page.buffer);
    let end = this.#header.length;
    for (const run of this.#runs(index)) end = this.#lines.putRun(view, end, run);
    return this.#page.subarray(0, end);
  }

  /** Hands an object's text to an action, when those before it are done: until then it stays as it is, whatever text is asked for. */
  use<Result>(object: CorpusObject, action: (text: Uint8Array) => Promise<Result>): Promise<Result> {
    const used = this.#before.then(async () => {
      const text = this.text(object);
      const page = this.#page;
      this.#page = Buffer.alloc(0);
      try {
        return await action(text);
      } finally {
        this.#page = page;
      }
    });
    this.#before = used.catch(() => undefined);
    return used;
  }
}
