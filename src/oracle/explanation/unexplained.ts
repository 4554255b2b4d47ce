// What an arrival holds that fits no layout, as a text: somebody has to see it who wants to declare one.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { writeAttribute } from '../reading/arrival-reader.ts';
import { LineWriter } from '../reading/line-writer.ts';
import { hasOtherBody } from '../reading/structured-body.ts';

const told = 12;

/** Its body, or else its attributes with their values. */
export function unexplainedText(view: RecordView): string {
  if (view.bodyEnd > view.bodyStart) return textAt(view, view.bodyStart, view.bodyEnd);
  return listed(
    namesOf(view).map((name, slot) => `${name}=${valueAt(view, slot)}`),
    ' ',
  );
}

export function unexplainedNames(view: RecordView): string {
  const names = namesOf(view);
  const body = hasOtherBody(view) ? '; its body is no text' : '';
  return names.length === 0 ? `no attributes${body}` : `attributes ${listed(names, ', ')}${body}`;
}

function namesOf(view: RecordView): string[] {
  return Array.from({ length: view.attributeCount }, (_, slot) =>
    textAt(view, view.keyStart[slot]!, view.keyEnd[slot]!),
  );
}

/** A text as it is, with its spaces. */
function valueAt(view: RecordView, slot: number): string {
  if (view.valueKind[slot] === valueKinds.text) return textAt(view, view.valueStart[slot]!, view.valueEnd[slot]!);
  const writer = new LineWriter(1);
  writer.begin();
  writer.open(0);
  writeAttribute(writer, view, slot, 'plain');
  return writer.toString();
}

function textAt({ source }: RecordView, start: number, end: number): string {
  return new TextDecoder().decode(source.subarray(start, end));
}

function listed(words: readonly string[], between: string): string {
  return words.slice(0, told).join(between) + (words.length > told ? `${between}...` : '');
}
