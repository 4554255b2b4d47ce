// The object of no bytes that consoles and tools store for a folder: its key ends in a slash.

import { objectFault } from './kind.ts';

export const folderMarkerFault = objectFault({
  kind: 'object.folder-marker',
  summary: 'stores a marker of its folder before the object',
  owes: 'nothing',
  open: () => ({
    before: (file) => ({
      ...file,
      key: file.key.slice(0, file.key.lastIndexOf('/') + 1),
      hasHeader: false,
      text: Buffer.alloc(0),
      pack: () => Buffer.alloc(0),
    }),
  }),
});
