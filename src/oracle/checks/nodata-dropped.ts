// Windows in which an interface saw no traffic are left out on purpose.

import { emptyWindowCheck } from './empty-windows.ts';

export const nodataDropped = emptyWindowCheck('NODATA', 'dropped');
