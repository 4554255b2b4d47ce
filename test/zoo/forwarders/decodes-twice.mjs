// Decodes keys that somebody has decoded before.
import { newKeyHandler } from './object-bytes.mjs';

export const handler = newKeyHandler((key) => decodeURIComponent(decodeURIComponent(key.replaceAll('+', ' '))));
