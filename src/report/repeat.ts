// The exact commands that show the same again, for whoever reads a report.

import type { RunResult } from '../core/model/result.ts';

/** What a command is for, and the command. */
export type Repetition = readonly [purpose: string, command: string];

/** The folder holds the scenario as it was resolved: nothing else is needed to run it again. */
export function repetitions({ folder, scenario, corpus }: RunResult): Repetition[] {
  if (folder === undefined) return [];
  const file = quote(`${folder}/scenario.yaml`);
  const isGenerated = Object.hasOwn((scenario['traffic'] ?? {}) as object, 'preset');
  return [
    ['Run it again: the same seed, the same bytes, the same faults', `npx flowrig run ${file}`],
    ['Judge it again from what arrived, without the forwarder', `npx flowrig judge ${quote(folder)}`],
    ...(isGenerated
      ? ([
          [
            `Write its ${corpus.objects} files, uncompressed, to look at their lines`,
            `npx flowrig generate --scenario ${file} --plain --out corpus`,
          ],
        ] as const)
      : []),
    ['Write the reports again', `npx flowrig report ${quote(folder)} --reporter junit,markdown,html`],
  ];
}

/** For a POSIX shell, where it needs quotes. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
