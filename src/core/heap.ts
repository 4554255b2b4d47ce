// How much room V8 keeps on the main thread for what is new and for what nobody needs any more; core/thread.ts bounds that of the others.

import { setFlagsFromString } from 'node:v8';

/**
 * Lets the young generation of this process stay as small as it began. It grows with what survives it, up to some 130 MB, which stay
 * resident: 100,000 objects in the embedded S3 made a process grow by 231 MB, and by 109 so. Requests take no longer; a run of 200,000
 * records took 5.3 s of the rig's CPU in place of 5.0 (medians of eight and eleven).
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets what is old be swept whenever the heap has grown by a fifth, where V8 would let it double. Each of many objects leaves some 180 bytes
 * there: 50 M records of the preset `guide`, gzipped, peaked at 265 and 285 MB, and at 177 so, in the same time.
 */
export function sweepEarly(): void {
  setFlagsFromString('--heap-growing-percent=20');
}
