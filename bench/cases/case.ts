import type { FloorOrder } from '../floors/run-floor.ts';
import type { FloorTask, Tuning } from '../floors/schema.ts';
import type { Measured } from '../server.ts';
import type { Workspace } from '../workspace.ts';

/** One measured run: what it took of the server, what it made, and what else there is to tell of it. */
export interface Sample extends Measured {
  /** Objects that it was about. */
  readonly objects: number;
  /** Bytes of the file that it made or read. */
  readonly bytes: number;
  /** Other figures, by name. */
  readonly details?: Readonly<Record<string, number>>;
}

export interface FloorRun {
  readonly name: FloorOrder['name'];
  /** Makes what the floor starts from. @returns the files that it reads and writes, by their names in the workspace */
  prepare(workspace: Workspace, tuning: Tuning): Promise<Pick<FloorTask, 'input' | 'output'>>;
}

export interface BenchCase {
  readonly name: string;
  /** What its time is the time of: all objects of the project, or single requests whatever their number. */
  readonly isAbout?: 'requests';
  /** What the case is measured against, where there is a least that any implementation must do. */
  readonly floor?: FloorRun;
  /** Another case, without a floor of its own, that this one is compared with. */
  readonly comparedWith?: string;
  /** Sets the scene, then measures once. @throws when what came of it is not right */
  run(workspace: Workspace): Promise<Sample>;
}

/** @throws Error when a result is not what it must be: a benchmark of wrong results says nothing. */
export function expectThat(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`The benchmark gave a wrong result: ${what}.`);
}
