import { AppError, parseUndoLine, type TableStateLine, type UndoLine } from '@longshore/contracts';
import {
  packageScope,
  referencesOf,
  scopeOf,
  type JsonObject,
  type Reference,
  type UndoDelete,
  type UndoRestore,
} from '@longshore/domain';
import { PackageFileError, readPackage, type ObjectLines } from '@longshore/package-file';
import { fillTemporaryTables } from '../../../platform/db/bulk.ts';
import type { Connection } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { parseStorePath } from '../../../platform/files/store-path.ts';
import { bodyHash } from '../../../platform/hash.ts';
import { contactsHash } from '../../objects/object-rows.ts';
import type { UndoJob } from '../migration-jobs.ts';
import { undoStaging, type RestoreRow } from './undo-staging.repository.ts';

/** What an undo package asks for besides objects. */
export interface StagedUndo {
  /** Where the import wrote, and the undo will write. */
  readonly scope: string;
  /** What had been computed for the project's tables before the import; null when the import updated no schema. */
  readonly tables: readonly TableStateLine[] | null;
}

/**
 * Reads an undo package into the staging tables.
 * @throws AppError `invalid` when the file is damaged or belongs to another import.
 */
export async function stageUndo(
  job: UndoJob & { readonly undoPath: string },
  parts: { readonly db: Connection<MetadataTables>; readonly files: FileStore },
): Promise<StagedUndo> {
  const { stream } = await parts.files.openRead(parseStorePath(job.undoPath));
  const staging = undoStaging(parts.db.executor);
  let tables: TableStateLine[] | null = null;
  let scope: string;
  try {
    const file = await readPackage(stream);
    if (file.manifest.kind !== 'undo' || file.manifest.importId !== job.importId) {
      throw new AppError('invalid', `The file at ${job.undoPath} is not the undo package of import ${job.importId}.`);
    }
    scope = packageScope(file.manifest.type, job.projectId);
    await fillTemporaryTables(parts.db.executor, async () => {
      await staging.reset();
      for await (const batch of file.batches()) {
        const { deletes, restores, tableStates } = sortLines(batch, scope);
        await staging.addDeletes(deletes);
        await staging.addRestores(restores);
        if (tableStates !== null) tables = [...(tables ?? []), ...tableStates];
      }
      await staging.finish();
    });
  } catch (error) {
    stream.destroy();
    throw error instanceof PackageFileError ? new AppError('invalid', error.message, { cause: error }) : error;
  }
  return { scope, tables };
}

interface SortedLines {
  readonly deletes: readonly UndoDelete[];
  readonly restores: readonly RestoreRow[];
  /** Null when no line of the batch is about the schema. */
  readonly tableStates: readonly TableStateLine[] | null;
}

function sortLines(batch: readonly ObjectLines[], scope: string): SortedLines {
  const lines = batch.map(readLine);
  return {
    deletes: lines.flatMap(({ line }) => (line.op === 'delete' ? [line] : [])),
    restores: lines.flatMap(({ line, body }) => (line.op === 'restore' ? [restoreRow(line, body, scope)] : [])),
    tableStates: lines.some(({ line }) => line.op === 'schema')
      ? lines.flatMap(({ line }) => (line.op === 'schema' ? line.tables : []))
      : null,
  };
}

function readLine(lines: ObjectLines): { line: UndoLine; body: string } {
  const line = parseUndoLine(lines.header);
  if (!line) throw damaged('it holds a record that is not one');
  return { line, body: lines.body };
}

/** References and contacts are derived again from the definition, as they were when it was first written. */
function restoreRow(record: UndoRestore, body: string, scope: string): RestoreRow {
  const { header } = record;
  if (scopeOf(header.projectId) !== scope) throw damaged(`object ${header.id} belongs to another project`);
  if (record.bodyHash !== bodyHash(body, header.translations, header.uses)) {
    throw damaged(`the definition of object ${header.id} is not the one that its header names`);
  }
  const definition = JSON.parse(body) as JsonObject;
  const uses = JSON.parse(header.uses) as Reference[];
  return {
    record,
    definition: body,
    contactsHash: contactsHash(header.subtype, definition),
    references: referencesOf({ id: header.id, type: header.type, definition, uses }),
  };
}

function damaged(what: string): AppError {
  return new AppError('invalid', `The undo package is damaged: ${what}. The target was not changed.`);
}
