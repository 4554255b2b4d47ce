// Windows in which AWS had to skip records are told like any other.

import { emptyWindowCheck } from './empty-windows.ts';

export const skipdataForwarded = emptyWindowCheck('SKIPDATA', 'forwarded');
