// The store contract on LocalStack: a behaviour in which it is known to differ from AWS must fail, and is told by its name.

import { storeContract } from '../contract/store-suite.ts';
import { differencesOf } from './differences.ts';
import { address, needsLocalstack, version } from './with-localstack.ts';

needsLocalstack();

storeContract(
  `LocalStack ${version}`,
  () => Promise.resolve({ address, [Symbol.asyncDispose]: () => Promise.resolve() }),
  differencesOf(version),
);
