import { ApiError, ConnectionError } from '@longshore/client';
import { CommanderError } from 'commander';
import { Interrupt } from './io.ts';

/** What a script learns from the command. The numbers are part of the outside contract. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  refused: 3,
  denied: 4,
  unreachable: 5,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODE_HELP = `
Exit codes:
  0    done
  1    unexpected error
  2    wrong usage
  3    refused or failed by the server (also create_failed, import_failed, undo_failed)
  4    login failed, session ended, or a right is missing
  5    server not reachable
  130  stopped by Ctrl-C (143 by SIGTERM); what runs on the server goes on, a plan excepted`;

/** The call of the command is wrong: the message says what to change. */
export class UsageError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'UsageError';
  }
}

/** A job on a server ended badly, or something else that was checked did not hold; the message says what and why. */
export class FailedError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'FailedError';
  }
}

/** Wraps an error of a step to say where the walk stood; its cause decides the exit code. */
export class StepError extends Error {
  readonly state: object;
  readonly hints: readonly string[];

  constructor(cause: unknown, state: object, hints: readonly string[]) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'StepError';
    this.state = state;
    this.hints = hints;
  }
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof StepError) return exitCodeOf(error.cause);
  if (error instanceof Interrupt) return error.signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof FailedError) return EXIT.refused;
  if (error instanceof ConnectionError) return EXIT.unreachable;
  if (error instanceof ApiError) return exitCodeOfAnswer(error);
  return EXIT.unexpected;
}

function exitCodeOfAnswer({ status, code }: ApiError): ExitCode {
  if (status === 401 || status === 403) return EXIT.denied;
  // A gateway that finds no server behind it answers without an error code of the Library.
  return code === '' && [502, 503, 504].includes(status) ? EXIT.unreachable : EXIT.refused;
}
