import type { CliIo, OutputStream } from '../io.ts';
import { createBarRenderer } from './bars.ts';
import type { Renderer } from './events.ts';
import { createJsonRenderer } from './json.ts';
import { createPlainRenderer } from './plain.ts';

export type OutputMode = 'text' | 'json';

/** With `json` standard output belongs to the document, and what is on the way goes to standard error. */
export function createRenderer(io: CliIo, mode: OutputMode): Renderer {
  if (mode === 'json') return createJsonRenderer(io.stdout, createTextRenderer(io, io.stderr));
  return createTextRenderer(io, io.stdout);
}

function createTextRenderer(io: CliIo, output: OutputStream): Renderer {
  const isWatched = output.isTTY === true && io.env['TERM'] !== 'dumb';
  if (!isWatched) return createPlainRenderer(output, io.stderr, io.now);
  const colours = (io.env['NO_COLOR'] ?? '') === '' ? 'on' : 'off';
  return createBarRenderer({ output, errors: io.stderr, colours });
}
