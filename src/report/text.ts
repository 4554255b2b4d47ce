// Words that every report shares: text of others made harmless, findings as plain lines, counts.

import type { Finding, StoryStep, Witness } from '../core/model/result.ts';
import { formatMs } from '../core/units.ts';
import { storyParts } from './story.ts';

/** Lines of a note that are shown: its end says what went wrong. */
const noteLines = 6;
/** Of Node itself, and of the loop that calls the handler: they say nothing of the forwarder. */
const frameOfRuntime = /^\s+at .*\b(?:node:internal|lambda\/runtimes)\//;

/**
 * Text from files, requests and forwarders must not steer a terminal, nor turn a line around: control characters and those that
 * set the direction of writing (Unicode Standard Annex 9) are shown, not sent.
 */
export function visible(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]|[\u202A-\u202E\u2066-\u2069]/gu, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex}`;
  });
}

/** One line, visible, of at most so many characters. */
export function clip(text: string, limit: number): string {
  const shown = visible(text.slice(0, limit + 1));
  return shown.length > limit ? `${shown.slice(0, limit - 3)}...` : shown;
}

/** `s3://BUCKET/KEY line 812`; undefined where the witness has no place. */
export function placeOf({ bucket, key, line }: Witness): string | undefined {
  if (key === undefined) return undefined;
  return `s3://${bucket}/${key}${line === undefined ? '' : ` line ${line}`}`;
}

/** Where it stands, how it reads there, what arrived instead, and what is known of it: each line at most `limit` long. */
export function witnessLines(witness: Witness, limit: number): string[] {
  const { text, arrived, note } = witness;
  const place = placeOf(witness);
  const deliveries = witness.deliveries?.length ? `  (delivery ${witness.deliveries.join(', ')})` : '';
  return [
    ...(place === undefined ? [] : [`${visible(place)}${deliveries}`]),
    ...(text === undefined ? [] : [`  ${clip(text, limit)}`]),
    ...(arrived === undefined ? [] : [`  arrived: ${clip(arrived, limit)}${place === undefined ? deliveries : ''}`]),
    ...(note === undefined
      ? []
      : note
          .trimEnd()
          .split('\n')
          .filter((line) => !frameOfRuntime.test(line))
          .slice(-noteLines)
          .map((line) => `  ${clip(line, limit)}`)),
  ];
}

/** Steps of a long story that are shown at its beginning, and at its end. */
const stepsShown = { first: 5, last: 5 };

/** The way of the object of its first witness, each step with the time since the first one. */
export function storyLines({ witnesses }: Finding, limit: number): string[] {
  const story = witnesses.find((witness) => witness.story !== undefined && witness.story.length > 0)?.story ?? [];
  const line = ({ atMs, step, text }: StoryStep): string =>
    `${formatMs(atMs - story[0]!.atMs).padStart(8)}  ${step.padEnd(13)} ${clip(text, limit)}`;
  return storyParts(story, stepsShown).flatMap(({ isFolded, steps }) =>
    isFolded ? `${' '.repeat(8)}  ... ${steps.length} more steps` : steps.map(line),
  );
}

/** The lines of its first witnesses, and how many more there are. */
export function evidenceLines({ witnesses }: Finding, options: { witnesses: number; limit: number }): string[] {
  const rest = witnesses.length - options.witnesses;
  return [
    ...witnesses.slice(0, options.witnesses).flatMap((witness) => witnessLines(witness, options.limit)),
    ...(rest > 0 ? [`... and ${rest} more in result.json`] : []),
  ];
}
