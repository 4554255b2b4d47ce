// Windows in which an interface saw no traffic are told like any other.

import { emptyWindowCheck } from './empty-windows.ts';

export const nodataForwarded = emptyWindowCheck('NODATA', 'forwarded');
