import type { ExitCode } from '../exit-codes.ts';
import type { PlanReport } from '../plan/read-plan.ts';
import type { CommandResult } from './results.ts';

/** What commands tell; the renderers decide how it looks. Data only, no layout. */

export const SIDES = ['source', 'target'] as const;
export type Side = (typeof SIDES)[number];

/** Work that runs on a server while the command waits. */
export const PHASES = ['create', 'import', 'undo'] as const;
export type Phase = (typeof PHASES)[number];
/** The same, and work that leaves no record behind. */
export type Work = Phase | 'plan' | 'validate';

export interface ConnectedEvent {
  readonly kind: 'connected';
  readonly side: Side | 'server';
  readonly url: string;
  readonly user: string;
}

/** A record has reached another state. */
export interface StateEvent {
  readonly kind: 'state';
  readonly side: Side;
  readonly phase: Phase;
  readonly migrationId: string;
  readonly status: string;
  readonly detail?: string;
}

export interface ProgressEvent {
  readonly kind: 'progress';
  readonly phase: Work;
  /** 0 to 100. */
  readonly percent: number;
}

export interface BytesEvent {
  readonly kind: 'bytes';
  readonly label: string;
  readonly done: number;
  /** Null when it is not known. */
  readonly total: number | null;
}

export interface WarningEvent {
  readonly kind: 'warning';
  readonly message: string;
}

/** What an import would do, shown before it is decided. */
export interface PlanEvent {
  readonly kind: 'plan';
  readonly report: PlanReport;
}

export interface ResultEvent {
  readonly kind: 'result';
  readonly result: CommandResult;
  /** Of a result that is no success; the failure itself follows. */
  readonly exitCode?: ExitCode;
}

export interface FailureEvent {
  readonly kind: 'failure';
  readonly error: unknown;
  readonly exitCode: ExitCode;
}

export type CliEvent =
  | ConnectedEvent
  | StateEvent
  | ProgressEvent
  | BytesEvent
  | WarningEvent
  | PlanEvent
  | ResultEvent
  | FailureEvent;

export type Emit = (event: CliEvent) => void;

/** Turns events into output. `close` leaves the terminal as it was. */
export interface Renderer {
  show(event: CliEvent): void;
  close(): void;
}
