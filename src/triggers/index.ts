// The list of triggers: each is a way in which a forwarder hears of an object.

import { s3Event } from './s3-event-kind.ts';

export const triggers = [s3Event] as const;
