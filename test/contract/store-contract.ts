// How the store contract is held against a store: each behaviour is a test under its sentence. Where a store is known to differ
// from AWS, its suite names the sentence and the difference; the test must fail then, so that a difference that goes away shows.

import { expect, test } from 'vitest';

import type { StoreSession } from './store-session.ts';

/** The sentence of a behaviour, as the runner prints it, to how the store differs from it. */
export type KnownDifferences = Readonly<Record<string, string>>;

export interface Behaves {
  (sentence: string, body: () => Promise<void>): void;
  /** One test a case. */
  each<Case>(cases: readonly Case[], sentence: (each: Case) => string, body: (each: Case) => Promise<void>): void;
}

export interface Contract {
  readonly session: StoreSession;
  readonly behaves: Behaves;
}

/** Call `end` behind the last behaviour. */
export function openContract(
  session: StoreSession,
  differences: KnownDifferences,
): { contract: Contract; end: () => void } {
  const sentences = new Set<string>();
  const behaves = (sentence: string, body: () => Promise<void>): void => {
    sentences.add(sentence);
    const difference = differences[sentence];
    if (difference === undefined) test(sentence, body);
    else test.fails(`known difference: ${difference} (${sentence})`, body);
  };
  const each: Behaves['each'] = (cases, sentence, body) => {
    for (const one of cases) behaves(sentence(one), () => body(one));
  };
  return {
    contract: { session, behaves: Object.assign(behaves, { each }) },
    end: () =>
      test('each known difference names a behaviour of the contract', () => {
        expect(Object.keys(differences).filter((sentence) => !sentences.has(sentence))).toEqual([]);
      }),
  };
}
