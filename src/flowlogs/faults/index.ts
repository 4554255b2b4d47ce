// The list of faults of objects, in the order in which they work, whatever the order of a scenario: on the text, on how it is packed,
// on the bytes, on the key, and beside the object.

import { blankLinesFault } from './blank-lines.ts';
import { bombFault } from './bomb.ts';
import { crlfFault } from './crlf.ts';
import { cutFault } from './cut.ts';
import { cutMembersFault } from './cut-members.ts';
import { doubleGzipFault } from './double-gzip.ts';
import { emptyFault } from './empty.ts';
import { emptyGzipFault } from './empty-gzip.ts';
import { flipFault } from './flip.ts';
import { folderMarkerFault } from './folder-marker.ts';
import { foreignFault } from './foreign.ts';
import { headerOnlyFault } from './header-only.ts';
import { invalidUtf8Fault } from './invalid-utf8.ts';
import { keyFault } from './key.ts';
import type { ObjectFaultKind } from './kind.ts';
import { lineSeparatorsFault } from './line-separators.ts';
import { longLineFault } from './long-line.ts';
import { membersFault } from './members.ts';
import { noHeaderFault } from './no-header.ts';
import { noLastNewlineFault } from './no-last-newline.ts';
import { oddValuesFault } from './odd-values.ts';
import { overwrittenFault } from './overwritten.ts';
import { paddingFault } from './padding.ts';
import { plainTextFault } from './plain-text.ts';
import { quotesFault } from './quotes.ts';
import { rowLengthFault } from './row-length.ts';
import { suffixFault } from './suffix.ts';
import { trailingGarbageFault } from './trailing-garbage.ts';
import { twoSpacesFault } from './two-spaces.ts';
import { unknownFieldFault } from './unknown-field.ts';

export type { ObjectFaultConfig } from './kind.ts';

export const objectFaults: readonly ObjectFaultKind[] = [
  unknownFieldFault,
  oddValuesFault,
  quotesFault,
  invalidUtf8Fault,
  lineSeparatorsFault,
  longLineFault,
  rowLengthFault,
  twoSpacesFault,
  overwrittenFault,
  headerOnlyFault,
  noHeaderFault,
  blankLinesFault,
  crlfFault,
  noLastNewlineFault,
  emptyGzipFault,
  membersFault,
  cutMembersFault,
  bombFault,
  plainTextFault,
  doubleGzipFault,
  flipFault,
  cutFault,
  paddingFault,
  trailingGarbageFault,
  emptyFault,
  suffixFault,
  keyFault,
  folderMarkerFault,
  foreignFault,
];
