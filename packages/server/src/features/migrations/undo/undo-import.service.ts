import { AppError, type TableStateLine } from '@longshore/contracts';
import {
  checkLoginNames,
  findLoginClashes,
  checkUndo,
  summariseIssues,
  type Issue,
  type ObjRef,
  type Warning,
} from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { journalWriter } from '../../journal/journal.repository.ts';
import { objectWriter } from '../../objects/object-writer.repository.ts';
import { applyPlan } from '../import/apply.repository.ts';
import { loginNames } from '../import/login-names.repository.ts';
import type { ImportParts } from '../import/import-package.service.ts';
import type { FactRow } from '../import/post-image.repository.ts';
import { schemaBefore } from '../import/schema-before.repository.ts';
import { requireUnlocked } from '../import/require-unlocked.ts';
import { SCHEMA_TYPES } from '../schema-types.ts';
import type { UndoJob, UndoResult } from '../migration-jobs.ts';
import { findFolderCircles } from './folder-circles.repository.ts';
import { stageUndo, type StagedUndo } from './stage-undo.ts';
import { findTakenNames } from './taken-names.repository.ts';
import { undoStaging } from './undo-staging.repository.ts';
import { undoTables, type ChangedSinceRow } from './undo.repository.ts';

/** Share of the progress bar after the undo package has been read. */
const STAGED = 50;

/**
 * Brings the target back to what it was before an import, byte for byte, in one transaction (architecture,
 * invariant 3). Work done on the same objects since is overwritten and listed; what has come to use them stops it.
 * After a failed import there is no undo package and nothing to do.
 * @throws AppError `invalid` with all that stands in the way; the target is then unchanged.
 */
export async function undoImport(job: UndoJob, parts: ImportParts): Promise<UndoResult> {
  const { undoPath } = job;
  if (undoPath === null) return { message: '' };
  const staged = await stageUndo({ ...job, undoPath }, parts);
  parts.onProgress(STAGED);
  return parts.db.transaction((tx) => applyUndo(tx, { job, parts, staged }), staged.scope);
}

interface UndoRun {
  readonly job: UndoJob;
  readonly parts: ImportParts;
  readonly staged: StagedUndo;
}

async function applyUndo(tx: Executor<MetadataTables>, { job, parts, staged }: UndoRun): Promise<UndoResult> {
  const { scope } = staged;
  const tables = undoTables(tx, scope);
  await undoStaging(tx).keepFoldersInUse(scope);
  const message = summarise(await checkTarget(tx, scope));
  const isSchemaChanged = await tables.writesTypes(SCHEMA_TYPES);
  await requireUnlocked(tx, { scope, userId: job.caller.id, schemaObjects: isSchemaChanged ? 'changed' : 'untouched' });
  const journalId = await journalWriter(tx).record({
    kind: 'undo',
    user: { id: job.caller.id, name: job.caller.name },
    packageId: job.packageId,
    importId: job.importId,
    date: parts.now(),
    summary: { message },
    entries: [],
  });
  const steps = await tables.countSteps();
  await tables.journal(journalId, steps);
  await applyPlan(tx, scope).writeAcls('temp.undo_acl');
  await tables.apply(steps);
  if (job.projectId !== null && staged.tables !== null) {
    await restoreSchema(tx, job.projectId, { tables: staged.tables, now: parts.now() });
  }
  await objectWriter(tx).bumpRevision(scope);
  await parts.confirm?.(tx);
  return { message };
}

/** Refuses the undo when something blocks it; otherwise tells the warnings, for the record. */
function summarise(issues: readonly Issue[]): string {
  const blocking = issues.filter((issue) => issue.severity === 'blocking');
  if (blocking.length > 0) {
    throw new AppError('invalid', `The undo was stopped and nothing was changed.\n${summariseIssues(blocking)}`);
  }
  return issues.length === 0 ? '' : summariseIssues(issues);
}

async function checkTarget(tx: Executor<MetadataTables>, scope: string): Promise<Issue[]> {
  const tables = undoTables(tx, scope);
  const undo = checkUndo({
    createdInUse: (await tables.loadCreatedInUse()).map((row) => ({ created: refOf(row), user: otherOf(row) })),
    keptFolders: await undoStaging(tx).loadKeptFolders(),
    missingNeeds: (await tables.loadMissingDependencies()).map((row) => ({
      object: refOf(row),
      missing: { id: row.otherId, type: row.otherType },
    })),
    missingFolders: (await tables.loadMissingParents()).map((row) => ({ object: refOf(row), parentId: row.otherId })),
    folderCircles: await findFolderCircles(tx, scope),
    takenNames: await findTakenNames(tx, scope),
  });
  const logins = checkLoginNames(findLoginClashes(await loginNames(tx, scope).ofUndo()));
  return [...undo, ...logins, ...(await tables.loadChangedSince()).map(changedSince)];
}

function changedSince(row: ChangedSinceRow): Warning {
  const isGone = row.version === null;
  return {
    type: 'changed-since-import',
    severity: 'warning',
    object: { id: row.id, type: row.type, name: row.name },
    change: isGone ? 'deleted' : row.writtenVersion === null ? 'recreated' : 'edited',
    undo: row.op === 'restore' ? 'restores' : isGone ? 'nothing' : 'deletes',
  };
}

/**
 * What the schema update had computed comes back as it was; the version moves on, because readers of the schema
 * compare it and must read again.
 */
async function restoreSchema(
  tx: Executor<MetadataTables>,
  projectId: string,
  { tables, now }: { tables: readonly TableStateLine[]; now: string },
): Promise<void> {
  const schema = schemaBefore(tx, projectId);
  await schema.clear();
  await schema.restore(tables);
  await schema.moveVersion(now);
}

const refOf = (row: FactRow): ObjRef => ({ id: row.id, type: row.type, name: row.name });
const otherOf = (row: FactRow): ObjRef => ({ id: row.otherId, type: row.otherType ?? 0, name: row.otherName });
