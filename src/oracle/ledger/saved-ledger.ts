// A ledger's folder: the journal of arrivals, and beside it by what they were booked. Both can be read by another process, and when the
// one that wrote them was killed: the journal then ends at the last delivery that was written.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FlowrigError } from '../../core/errors.ts';
import type { Carriage } from '../reading/carriage.ts';
import { readJournal } from './journal.ts';
import type { LedgerOptions, LedgerPart } from './ledger-part.ts';

interface Note {
  readonly formatVersion: 1;
  readonly options: Omit<LedgerOptions, 'folder'>;
  readonly carriage: readonly Carriage[];
}

export function journalPath(folder: string): string {
  return join(folder, 'arrivals');
}

function notePath(folder: string): string {
  return join(folder, 'ledger.json');
}

/**
 * Opens the note: it is to be written before arrivals go to the disk, whenever one of them was read in a way not noted yet; `ways` counts
 * these. How often a way was used is exact once the ledger is whole, and a lower bound before.
 */
export function openNote({ folder, ...options }: LedgerOptions): Disposable & {
  write(ways: number, carriage: () => readonly Carriage[]): void;
} {
  const path = notePath(folder);
  let noted = -1;
  return {
    write(ways, carriage) {
      if (ways === noted) return;
      noted = ways;
      mkdirSync(folder, { recursive: true });
      const note: Note = { formatVersion: 1, options, carriage: carriage() };
      writeFileSync(`${path}.new`, JSON.stringify(note), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    [Symbol.dispose]: () => rmSync(path, { force: true }),
  };
}

/** Reads the ledger that stands in a folder; throws `bad-run-folder` where there is none. */
export function readLedger(folder: string): LedgerPart {
  let note: Note;
  try {
    note = JSON.parse(readFileSync(notePath(folder), 'utf8')) as Note;
  } catch (cause) {
    const message = `There is no ledger in ${folder}: ${(cause as Error).message}. Give the folder \`ledger\` of a run that was killed.`;
    throw new FlowrigError('bad-run-folder', message, { cause });
  }
  return {
    options: { ...note.options, folder },
    carriage: () => note.carriage,
    visit: (visit) => readJournal(journalPath(folder), visit),
  };
}

/** Whether two ledgers write the same line for the same record. */
export function sameBooks(one: LedgerOptions, other: LedgerOptions): boolean {
  return identityOf(one) === identityOf(other);
}

function identityOf(options: LedgerOptions): string {
  const { fields, seed, leftOut = [], dropped = [], timestampMeaning = 'end', layout } = options;
  return JSON.stringify([fields, seed, leftOut.toSorted(), dropped.toSorted(), timestampMeaning, layout]);
}
