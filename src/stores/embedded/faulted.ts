// Where faults meet requests: a GET or HEAD of an object that is there is shown to the desk before it is answered, and what the desk
// decides is done to the answer.

import type { Clock } from '../../core/clock.ts';
import type { StoreFaultDecision, StoreFaultDesk } from '../faults/desk.ts';
import type { S3 } from './action.ts';
import { header, type Call } from './call.ts';
import type { Disturbance } from './disturbed-body.ts';
import { overwriteAlike } from './overwrite.ts';

/** What the faults make of the call; throws the S3Error that they answer. */
export async function meetFaults(call: Call, s3: S3, faults: StoreFaultDesk): Promise<StoreFaultDecision | undefined> {
  if (call.operation !== 'GetObject' && call.operation !== 'HeadObject') return undefined;
  const { bucket, key, ids } = call;
  if (!s3.storage.bucket(bucket)?.get(key)) return undefined;
  const method = call.operation === 'GetObject' ? 'GET' : 'HEAD';
  const decision = faults.decide({ method, bucket, key, signedRegion: signedRegion(call) });
  if (decision.overwrites) await overwriteAlike({ s3, bucket, key, ids });
  if (decision.refusal) throw decision.refusal;
  return decision;
}

/** How the body is to be sent; undefined where as usual. */
export function disturbanceOf(decision: StoreFaultDecision, clock: Clock): Disturbance | undefined {
  const { break: broken, bytesPerS, pieceBytes } = decision;
  return broken || bytesPerS !== undefined || pieceBytes ? { ...decision, clock } : undefined;
}

/** The region of the credential's scope ("Create a signed AWS API request", IAM User Guide), in the header or in the query. */
function signedRegion(call: Call): string | undefined {
  const credential =
    /\bCredential=([^,\s]+)/.exec(header(call, 'authorization') ?? '')?.[1] ?? call.query.get('X-Amz-Credential');
  return credential?.split('/').at(-3);
}
