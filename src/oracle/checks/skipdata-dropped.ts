// Windows in which AWS had to skip records are left out on purpose.

import { emptyWindowCheck } from './empty-windows.ts';

export const skipdataDropped = emptyWindowCheck('SKIPDATA', 'dropped');
