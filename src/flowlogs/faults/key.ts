// Keys that wrong decoders get wrong. S3 encodes keys in its events, EventBridge does not; any UTF-8 of up to 1,024 bytes is a key
// (Amazon S3 User Guide, "Naming Amazon S3 objects", "Event message structure").

import { Type } from 'typebox';

import { objectFault } from './kind.ts';

const keyBytesMax = 1024;

const forms: Readonly<Record<string, (folder: string, name: string) => string>> = {
  spaces: (folder, name) => `${folder}a b  c ${name}`,
  plus: (folder, name) => `${folder}a+b++c${name}`,
  percent: (folder, name) => `${folder}%41%2B%20${name}`,
  'lone-percent': (folder, name) => `${folder}100%/${name}`,
  unicode: (folder, name) => `${folder}é/日本/🦊 ${name}`,
  hive: (folder, name) => `${folder}year=2026/month=01/${name}`,
  marks: (folder, name) => `${folder}a&b?c=d#e;f,g@h$i:j(k)!'*~/${name}`,
  'no-folder': (_folder, name) => name,
  long(folder, name) {
    const left = keyBytesMax - Buffer.byteLength(folder + name);
    // Names of folders of at most 200 bytes: some programs write a key into a file of its name.
    const filler = `${'x'.repeat(199)}/`.repeat(6).slice(-Math.max(0, left));
    return folder + filler.replace(/^\//, 'x') + name;
  },
};

const names = Object.keys(forms);

export const keyFault = objectFault<{ readonly form?: string }>({
  kind: 'object.key',
  summary: 'gives the object a key that is easily decoded wrongly',
  owes: 'owed',
  parameters: {
    form: Type.Unsafe<string>({
      enum: names,
      description: 'What is hostile about it; by default the struck objects take turns.',
      examples: ['spaces'],
    }),
  },
  open: ({ form }) => ({
    strike(file, { place }) {
      const at = file.key.lastIndexOf('/') + 1;
      const change = forms[form ?? names[place % names.length]!]!;
      return { ...file, key: change(file.key.slice(0, at), file.key.slice(at)) };
    },
  }),
});
