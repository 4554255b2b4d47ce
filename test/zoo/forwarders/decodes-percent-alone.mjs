// Decodes percent signs and leaves + as it is, which stands for a space.
import { newKeyHandler } from './object-bytes.mjs';

export const handler = newKeyHandler(decodeURIComponent);
