// Reads the entries of `expect`: names of checks, and sentences such as `latency p99 < 5s`.

import { nearestWord } from '../core/errors.ts';
import { checks } from './checks/index.ts';
import type { Judge } from './checks/check.ts';
import type { Promises } from './promises.ts';

export interface Expectation {
  /** As written, trimmed. */
  readonly text: string;
  /** Name of the check, or `promises`. */
  readonly check: string;
  /** Absent for `promises`: what it stands for depends on the promises. */
  readonly judge?: Judge;
}

export interface ExpectationProblem {
  readonly problem: string;
  readonly nearest?: string;
}

export function parseExpectation(text: string): Expectation | ExpectationProblem {
  const trimmed = text.trim();
  const [word = ''] = trimmed.split(/\s/);
  if (trimmed === 'promises') return { text: trimmed, check: 'promises' };
  const check = checks.find((candidate) => candidate.name === word);
  if (!check) {
    const nearest = nearestWord(word, ['promises', ...checks.map((candidate) => candidate.name)]);
    return { problem: `"${word}" is no check`, ...(nearest === undefined ? {} : { nearest }) };
  }
  const judge = check.read(trimmed.slice(word.length).trim());
  if (judge) return { text: trimmed, check: check.name, judge };
  return { problem: `"${trimmed}" does not read as "${check.form}"`, nearest: check.form };
}

/** What is judged, each as `expect` writes it: `promises` stands for several checks; a check named twice judges once. */
export function expandExpectations(expect: readonly string[], promises: Promises): string[] {
  const texts = expect.map((text) => text.trim());
  return [...new Set(texts.flatMap((text) => (text === 'promises' ? checksOfPromises(promises) : [text])))];
}

/** The names of checks that the word `promises` stands for. */
function checksOfPromises(promises: Promises): string[] {
  return [
    promises.delivery,
    'fields-intact',
    ...(promises.header === 'drop' ? ['header-not-sent'] : []),
    'bad-objects-reported',
    'empty-objects-accepted',
  ];
}
