import type { CliIo } from './io.ts';
import type { Emit } from './output/events.ts';
import type { Services } from './services.ts';

/** What every command works with. */
export interface CommandContext {
  readonly io: CliIo;
  readonly services: Services;
  readonly emit: Emit;
}
