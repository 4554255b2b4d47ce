// The marks of verdicts: for eyes, with the word beside them for everybody.

import type { Validity } from '../../core/model/result.ts';

export const marks: Readonly<Record<Validity, string>> = { pass: '✓', fail: '✗', unknown: '?' };
