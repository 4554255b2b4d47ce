// The bench's table of contents.

import type { Row } from '../row.ts';
import { row as closedLoop } from './closed-loop.ts';
import { row as forwarder } from './forwarder.ts';
import { row as generateParquet } from './generate-parquet.ts';
import { formatRows } from './generate-formats.ts';
import { row as generateGzip } from './generate-gzip.ts';
import { row as generateMemory } from './generate-memory.ts';
import { row as generatePlain } from './generate-plain.ts';
import { row as generateWorkers } from './generate-workers.ts';
import { row as ledgerBook } from './ledger-book.ts';
import { lambdaRows } from './lambda.ts';
import { row as s3List } from './s3-list.ts';
import { row as s3Memory } from './s3-memory.ts';
import { requestRows } from './s3-requests.ts';
import { archiveRows } from './sink-archive.ts';
import { row as sinkMemory } from './sink-memory.ts';
import { recordRows } from './sink-records.ts';
import { row as triggerEvents } from './trigger-events.ts';
import { verdictRows } from './verdict.ts';

export const rows: readonly Row[] = [
  generatePlain,
  generateGzip,
  generateMemory,
  generateParquet,
  generateWorkers,
  ...requestRows,
  s3List,
  s3Memory,
  ...formatRows,
  ...archiveRows,
  ...recordRows,
  ledgerBook,
  ...verdictRows,
  sinkMemory,
  ...lambdaRows,
  closedLoop,
  forwarder,
  triggerEvents,
];
