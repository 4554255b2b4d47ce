// All saboteurs of the zoo by the place of their bug.

import type { Group, WrongAnimal } from './animal.ts';
import { wrongWithLambda } from './wrong/lambda.ts';
import { wrongWithObjects } from './wrong/objects.ts';
import { wrongWithTheSink } from './wrong/sink.ts';
import { wrongWithTriggers } from './wrong/triggers.ts';
import { wrongWithValues } from './wrong/values.ts';

const groups: readonly (readonly [Group, readonly Omit<WrongAnimal, 'group'>[]])[] = [
  ['objects', wrongWithObjects],
  ['triggers', wrongWithTriggers],
  ['lambda', wrongWithLambda],
  ['sink', wrongWithTheSink],
  ['values', wrongWithValues],
];

export const wrongAnimals: readonly WrongAnimal[] = groups.flatMap(([group, animals]) =>
  animals.map((animal) => ({ ...animal, group })),
);
