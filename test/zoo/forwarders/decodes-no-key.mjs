// Asks for keys as the event writes them: = is %3D there.
import { newKeyHandler } from './object-bytes.mjs';

export const handler = newKeyHandler((key) => key);
