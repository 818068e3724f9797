import { CommanderError } from 'commander';
import type { CommandContext } from './context.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { createRenderer } from './output/renderer.ts';
import { createProgram } from './program.ts';
import { repositoryServices, type Services } from './services.ts';

/**
 * Runs one command to its end.
 * @param argv the arguments after the program's name
 * @returns the exit code; what went wrong has been told on `io`
 */
export async function main(
  argv: readonly string[],
  io: CliIo,
  services: Services = repositoryServices,
): Promise<ExitCode> {
  const renderer = createRenderer(io, argv.includes('--json') ? 'json' : 'text');
  const context: CommandContext = { io, services, emit: (event) => renderer.show(event) };
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (thrown) {
    const error = isAbort(thrown) && io.signal.aborted ? io.signal.reason : thrown;
    const exitCode = exitCodeOf(error);
    // Commander has already shown its help or its complaint; the document of --json is still to come.
    const isTold = error instanceof CommanderError && (exitCode === EXIT.done || !argv.includes('--json'));
    if (!isTold) context.emit({ kind: 'failure', error, exitCode });
    return exitCode;
  } finally {
    renderer.close();
  }
}

/** Streams that are cut off say only that they were. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
