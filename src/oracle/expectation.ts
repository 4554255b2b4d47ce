// Reads the entries of `expect`: names of checks, and sentences such as `latency p99 < 5s`.

import { nearestWord } from '../core/errors.ts';
import { checks } from './checks/index.ts';
import type { Check, Judge, ObservingJudge } from './checks/check.ts';
import type { Promises } from './promises.ts';

export interface Expectation {
  /** As written, trimmed. */
  readonly text: string;
  /** Name of the check, or `promises`. */
  readonly check: string;
  /** Absent for `promises`: what it stands for depends on the promises. */
  readonly judge?: Judge;
  /** The same, where it has to be shown records or lines before. */
  readonly observer?: ObservingJudge;
}

export interface ExpectationProblem {
  readonly problem: string;
  readonly nearest?: string;
}

export function parseExpectation(text: string): Expectation | ExpectationProblem {
  const trimmed = text.trim().replaceAll(/\s+/g, ' ');
  if (trimmed === 'promises') return { text: trimmed, check: 'promises' };
  const check = findCheck(trimmed);
  if (!check) {
    const nearest = nearestName(trimmed);
    const [word = ''] = trimmed.split(' ');
    return { problem: `"${word}" is no check`, ...(nearest === undefined ? {} : { nearest }) };
  }
  const read = check.read(trimmed.slice(check.name.length).trim());
  if (typeof read === 'function') return { text: trimmed, check: check.name, judge: read };
  if (read) return { text: trimmed, check: check.name, judge: read.judge, observer: read };
  return { problem: `"${trimmed}" does not read as "${check.form}"`, nearest: check.form };
}

/** The check whose name the text begins with; the longest of several: `throughput per cpu-s` is none of `throughput`. */
function findCheck(text: string): Check | undefined {
  return checks
    .filter(({ name }) => text === name || text.startsWith(`${name} `))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

/** Compares as many words of the text as each name has. */
function nearestName(text: string): string | undefined {
  const names = ['promises', ...checks.map(({ name }) => name)];
  const words = text.split(' ');
  for (const count of [3, 2, 1]) {
    const nearest = nearestWord(
      words.slice(0, count).join(' '),
      names.filter((name) => name.split(' ').length === count),
    );
    if (nearest !== undefined) return nearest;
  }
  return undefined;
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
