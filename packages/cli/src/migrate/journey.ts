import type { LibraryClient, Migration } from '@longshore/client';
import { StepError } from '../exit-codes.ts';
import { Interrupt } from '../io.ts';
import type { Emit, Phase, Side } from '../output/events.ts';

/** How far a walk has come; kept while it runs, so that a failure or an interruption can say it. */
export interface Journey {
  readonly source: string | null;
  readonly target: string;
  /** The projects as they were given, as flags of a command that goes on. */
  readonly projectFlags: string;
  id: string | null;
  phase: Phase | null;
  packageStatus: string | null;
  importStatus: string | null;
}

/** What every step of a walk works with. */
export interface Walk {
  readonly journey: Journey;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export function startJourney(source: string | null, target: string, projectFlags = ''): Journey {
  return { source, target, projectFlags, id: null, phase: null, packageStatus: null, importStatus: null };
}

/** Work that runs on a server: on which side, and when it rests. */
export interface Stage {
  readonly phase: Phase;
  readonly side: Side;
  readonly isResting: (record: Migration) => boolean;
}

export const STAGES = {
  create: { phase: 'create', side: 'source', isResting: (record) => record.packageInfo.status !== 'creating' },
  import: { phase: 'import', side: 'target', isResting: (record) => record.importInfo.status !== 'importing' },
  undo: { phase: 'undo', side: 'target', isResting: (record) => record.importInfo.status !== 'undoing' },
} as const satisfies Record<Phase, Stage>;

/** Waits until the work of a stage rests, telling progress and the resting state. */
export async function waitForStage(walk: Walk, client: LibraryClient, stage: Stage): Promise<Migration> {
  const { journey, emit, signal } = walk;
  const id = journey.id ?? '';
  return client.migrations.waitFor(id, stage.isResting, {
    signal,
    onPoll: (record) => {
      note(journey, record);
      if (stage.isResting(record)) tellState(walk, stage, record);
      else emit({ kind: 'progress', phase: stage.phase, percent: infoOf(stage, record).progress });
    },
  });
}

export function tellState({ emit, journey }: Walk, { phase, side }: Stage, record: Migration, detail?: string): void {
  note(journey, record);
  const { status } = phase === 'create' ? record.packageInfo : record.importInfo;
  emit({ kind: 'state', side, phase, migrationId: record.id, status, ...(detail === undefined ? {} : { detail }) });
}

export function note(journey: Journey, record: Migration): void {
  journey.id = record.id;
  journey.packageStatus = record.packageInfo.status;
  journey.importStatus = record.importInfo.status;
}

const infoOf = (stage: Stage, record: Migration): { progress: number } =>
  stage.phase === 'create' ? record.packageInfo : record.importInfo;

/** The error of a step with where the walk stood, and for an interruption how to go on. */
export function stepError(error: unknown, journey: Journey): unknown {
  if (journey.id === null) return error;
  const { source, target, id, phase, packageStatus, importStatus } = journey;
  const state = {
    id,
    ...(source === null ? {} : { source }),
    target,
    ...(phase === null ? {} : { phase }),
    ...(packageStatus === null ? {} : { packageStatus }),
    ...(importStatus === null ? {} : { importStatus }),
  };
  return new StepError(error, state, error instanceof Interrupt ? howToGoOn(journey, id) : whereItStands(journey, id));
}

const whereItStands = ({ packageStatus, importStatus }: Journey, id: string): string[] => [
  `Migration ${id}: package ${packageStatus}, import ${importStatus}.`,
];

function howToGoOn(journey: Journey, id: string): string[] {
  const { source, target, projectFlags, phase } = journey;
  const look = `longshore migrate status${source === null ? '' : ` --source ${source}`} --target ${target} --id ${id}`;
  const lines = [...whereItStands(journey, id)];
  if (phase === 'create') {
    lines.push(`The package goes on being made on ${source}. Nothing has changed on ${target}.`);
    const again = `longshore migrate --source ${source} --target ${target}${projectFlags} --reuse ${id.split(':')[0]}`;
    lines.push(`Import it later: ${again}`);
  } else if (phase === null) lines.push(`Nothing has changed on ${target}.`);
  else lines.push(`The ${phase} goes on, on ${target}.`);
  lines.push(`Look at it: ${look}`);
  if (phase === 'import') lines.push(`Undo it: longshore migrate undo --target ${target} --id ${id}`);
  return lines;
}
