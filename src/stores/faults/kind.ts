// The shape of a fault of the room `store`: what it makes of a GET of an object. When it strikes, the desk knows.

import { Type, type TSchema } from 'typebox';

import type { FaultSelection } from '../../core/fault.ts';
import { quantity } from '../../core/quantity.ts';
import type { S3Error } from '../embedded/errors.ts';

/** A GET of an object that is there, or a HEAD, which tells what the next GET would. */
export interface ObjectRequest {
  readonly method: 'GET' | 'HEAD';
  readonly bucket: string;
  readonly key: string;
  /** For which the request was signed; undefined where it was not signed. */
  readonly signedRegion: string | undefined;
}

/** Where a body breaks, and how: `end` closes the connection in good order, as if all had been said. */
export interface BodyBreak {
  readonly how: 'reset' | 'end' | 'hang';
  /** After so many bytes of the answer's body; without it in its middle. */
  readonly atBytes?: number;
  /** How long a body hangs; without it until its client is gone. */
  readonly durationMs?: number;
}

export interface StoreFaultEffect {
  /** Answered in place of the object. */
  readonly refusal?: S3Error;
  /** Over the headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly break?: BodyBreak;
  /** The body goes out at this rate. */
  readonly bytesPerS?: number;
  /** The body goes out in pieces of these sizes, over and over. */
  readonly pieceBytes?: readonly number[];
  /** Before it is read, the object is overwritten with another that holds the same. */
  readonly overwrites?: boolean;
}

/** A configured fault at work. Undefined where the request is none that it can strike: that is not counted as fired. */
export type StoreFault = (request: ObjectRequest) => StoreFaultEffect | undefined;

export interface StoreFaultKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  /** An object that is struck once is struck at each GET, so a share is one of objects; `nth` and `for` make an end of it. */
  readonly isLasting?: boolean;
  /** Nobody gets the object while it lasts: what it holds is not owed. */
  readonly withholds?: boolean;
  /** Without `nth` it strikes the first GET of an object alone. */
  readonly isOnce?: boolean;
  open(config: StoreFaultConfig): StoreFault;
}

/** A fault as resolved: quantities read, units in the names. */
export type StoreFaultConfig = { readonly kind: string } & FaultSelection & Readonly<Record<string, unknown>>;

/** Ties a kind's schema to the type of what its quantities become. */
export function storeFault<Config>(
  kind: Omit<StoreFaultKind, 'open' | 'config'> & {
    /** Its own keys. */
    readonly keys?: Record<string, TSchema>;
    readonly description: string;
    open(config: Config & FaultSelection): StoreFault;
  },
): StoreFaultKind {
  const { keys = {}, description, ...rest } = kind;
  const config = Type.Object(
    { kind: Type.Literal(kind.kind), ...keys, ...selectionSchemas },
    { additionalProperties: false, description },
  );
  // The schema has accepted the config before it was resolved.
  return { ...rest, config, open: (resolved) => kind.open(resolved as unknown as Config & FaultSelection) };
}

/** GETs and HEADs alike are answered so. */
export function always(effect: StoreFaultEffect): StoreFault {
  return () => effect;
}

/** A HEAD has no body to be broken. */
export function onBody(effect: StoreFaultEffect): StoreFault {
  return ({ method }) => (method === 'GET' ? effect : undefined);
}

/** Where in the body of an answer. */
export const atSchema = Type.Optional(
  quantity('size', "After so many bytes of the answer's body; without it in its middle. A shorter body is spared.", {
    examples: ['64kB'],
  }),
);

const selectionSchemas = {
  share: Type.Optional(
    quantity('share', 'The share of GETs that it strikes, or of objects where it lasts, decided by seed and key.'),
  ),
  nth: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Strikes only the nth GET of the same object.', examples: [1] }),
  ),
  from: Type.Optional(quantity('duration', "Armed from this time of the run's clock.")),
  for: Type.Optional(quantity('duration', 'Armed for this long.')),
};
