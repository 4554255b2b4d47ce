// The shape of a fault of the room `object`: what it makes of a file before it is stored, and what a correct forwarder owes of
// such a file. Which objects it strikes, and how the ledger hears of it, is the struck corpus's business.

import { Type, type TSchema } from 'typebox';

import type { FaultSelection } from '../../core/fault.ts';
import { quantity } from '../../core/quantity.ts';
import type { RandomSource } from '../../core/random.ts';

/**
 * `owed`: every record must arrive (or its event end in a dead letter, where the promises forgive that). `optional`: records may be
 * absent or present. `reported`: so may they, but an invocation must fail or a dead letter tell of the object. `nothing`: there is no
 * record in it, and the invocation must succeed.
 */
export type Duty = 'owed' | 'optional' | 'reported' | 'nothing';

/** A file on its way to the store. */
export interface FileDraft {
  readonly key: string;
  /** Names of the fields of its records, in order. */
  readonly fields: readonly string[];
  /** Whether its first line that is not blank names the fields. */
  readonly hasHeader: boolean;
  /** What a correct reader finds in it, header line included. */
  readonly text: Buffer;
  /** Makes the bytes that are stored of the text. */
  readonly pack: (text: Buffer) => Buffer;
  readonly owes: Duty;
}

export interface Struck {
  /** Place of the object in the corpus, from 0, as it is without faults. */
  readonly place: number;
  /** The fault's own. */
  readonly random: RandomSource;
}

/** Changes a file. */
export type Strike = (file: FileDraft, struck: Struck) => FileDraft;

export interface ObjectFault {
  readonly strike?: Strike;
  /** Another object that is stored just before the struck one; the fault's duty is this one's then. */
  readonly before?: (file: FileDraft, struck: Struck) => FileDraft;
}

export interface ObjectFaultKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  readonly owes: Duty;
  /** A right forwarder may give the file up, and say so, even where it holds no record. */
  readonly mayBeRefused?: boolean;
  /** What is wrong with a config that its schema could not tell. */
  mistake?(config: Readonly<Record<string, unknown>>): string | undefined;
  open(config: ObjectFaultConfig): ObjectFault;
}

/** A fault as resolved: quantities read, units in the names. */
export type ObjectFaultConfig = { readonly kind: string } & Pick<FaultSelection, 'share' | 'nth'> &
  Readonly<Record<string, unknown>>;

const sentences: Readonly<Record<Duty, string>> = {
  owed: 'its records are owed',
  optional: 'its records are optional',
  reported: 'its records are optional, and it must be reported',
  nothing: 'it owes nothing, and must be accepted',
};

interface Description<Config> {
  readonly kind: `object.${string}`;
  readonly summary: string;
  readonly owes: Duty;
  readonly mayBeRefused?: boolean;
  /** Parameters besides those that choose the objects. */
  readonly parameters?: Readonly<Record<string, TSchema>>;
  readonly mistake?: (config: Readonly<Record<string, unknown>>) => string | undefined;
  readonly open: (config: Config) => ObjectFault;
}

/** Completes a kind by the keys of every fault of objects, and ties its schema to the type of what its quantities become. */
export function objectFault<Config = unknown>({
  summary,
  parameters,
  open,
  ...kind
}: Description<Config>): ObjectFaultKind {
  const optional = Object.entries(parameters ?? {}).map(([name, schema]) => [name, Type.Optional(schema)]);
  return {
    ...kind,
    summary: `${summary}: ${sentences[kind.owes]}`,
    config: Type.Object(
      { kind: Type.Literal(kind.kind), ...Object.fromEntries(optional), ...selectionSchemas },
      { additionalProperties: false, description: `Of an object: ${summary}.` },
    ),
    // The schema has accepted the config before it was resolved.
    open: (config) => open(config as unknown as Config),
  };
}

const selectionSchemas = {
  share: Type.Optional(quantity('share', 'The share of objects that it strikes: exactly so many, chosen by the seed.')),
  nth: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Strikes only the object at this place of the corpus.', examples: [1] }),
  ),
};
