// Mixes of some interfaces' own: so many of all lines are theirs, with shares of their own. What does not go together is told here.

import { nearestWord } from '../core/errors.ts';
import { randomSource } from '../core/random.ts';
import { indexesOf } from './interface-names.ts';
import type { Preset } from './preset.ts';

/** What a share that is not named stands for: none. */
export interface InterfaceMix {
  /** A role of the preset, with interfaces that are idle in it, or one interface of it, such as `web-2`. */
  readonly name: string;
  /** Share of all lines of the corpus that is recorded at these interfaces. */
  readonly lines: number;
  /** Share of their lines with status OK. */
  readonly reject?: number;
  /** Share of their lines. */
  readonly nodata?: number;
  /** Share of their lines. */
  readonly skipdata?: number;
}

interface AskedMixes {
  readonly preset: Preset | undefined;
  readonly interfaceMixes: readonly InterfaceMix[];
  readonly interfaces?: number | undefined;
}

/** What mixes say that does not go together with each other and with the preset. */
export function interfaceMistakes({ preset, interfaceMixes: mixes, interfaces }: AskedMixes): string[] {
  if (!preset) return [];
  const options = { aggregationMinutes: 1, scope: 'vpc', recorder: 'vpc', interfaces } as const;
  const { roles } = preset.open(randomSource(0).split('traffic'), options)[0]!;
  const recordable = [...roles].filter(([, indexes]) => indexes.length > 0);
  const names = recordable.map(([role]) => role);
  const owners = new Map<number, string>();
  const mistakes = mixes.flatMap(({ name, lines, nodata = 0, skipdata = 0 }) => {
    const indexes = [...indexesOf(roles, name)];
    const owner = indexes.map((index) => owners.get(index)).find((other) => other !== undefined);
    for (const index of indexes) owners.set(index, name);
    return [
      indexes.length === 0 && `${unknownName(name, names)}`,
      owner !== undefined && `${name} and ${owner} have an interface in common: leave one of them out.`,
      !(lines > 0) && `${name} has ${lines} of the lines: give it more, or leave it out.`,
      nodata + skipdata > 1 &&
        `nodata and skipdata of ${name} together are ${Number((nodata + skipdata).toFixed(6))}: shares of its lines cannot pass 1.`,
      nodata > 0 &&
        !roles.has(name) &&
        `${name} has traffic in each window, and so no NODATA: give nodata to a role, whose idle interfaces report it.`,
    ];
  });
  const together = Number(mixes.reduce((sum, { lines }) => sum + lines, 0).toFixed(6));
  const count = recordable.reduce((sum, [, indexes]) => sum + indexes.length, 0);
  return [
    ...mistakes,
    together > 1 && `together they have ${together} of the lines: shares of all lines cannot pass 1.`,
    together < 1 &&
      owners.size === count &&
      `all ${count} interfaces of ${preset.name} are named, and ${Number((1 - together).toFixed(6))} of the lines is left for others: let the shares of lines add up to 1.`,
  ].filter((mistake) => mistake !== false);
}

function unknownName(name: string, names: readonly string[]): string {
  const near = nearestWord(name, names);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `"${name}" is no interface of the preset.${hint} Take one of ${names.join(', ')}, or one interface of a role, such as ${names[0]!}-1.`;
}
