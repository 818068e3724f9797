import { AppError, type ModelTask, type ReloadType } from '@longshore/contracts';
import { parseObjectId, type SchemaUpdate } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { ModelTaskTable } from '../../platform/db/library-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { requireModelingPrivilege } from '../modeling/modeling-privileges.ts';
import { requireExistingProject } from '../modeling/require-project.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import type { EndedSessions } from '../schema-lock/ended-sessions.ts';
import { describeSchemaLock, findForeignSchemaLock } from '../schema-lock/find-foreign-schema-lock.ts';
import { updateSchema } from '../schema/schema-update.ts';
import { modelTasks } from './tasks.repository.ts';

export interface ReloadRequest {
  readonly caller: Caller;
  readonly projectId: string;
  readonly updateTypes: readonly ReloadType[];
}

/** The use cases of `/api/model/schema/reload` and `/api/model/tasks` (spec/api.md 2.12). */
export interface SchemaReloadService {
  /** @throws AppError `busy` while somebody else holds the schema lock */
  reload(request: ReloadRequest): Promise<void>;
  /** The same without waiting for the end. @returns the running task */
  start(request: ReloadRequest): Promise<ModelTask>;
  /** A task of the caller; administrators see every task. @throws AppError `notFound` */
  getTask(caller: Caller, id: string): Promise<ModelTask>;
  /** Marks tasks that a stop of the server has interrupted as failed. Called once, before requests are taken. */
  settle(): Promise<void>;
  /** Resolves when no task is running. */
  drain(): Promise<void>;
}

/** Clients poll for seconds; a day is enough to look at a failure. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

export function createSchemaReloadService(platform: Platform, ended: EndedSessions): SchemaReloadService {
  const running = new Set<Promise<void>>();

  const check = async ({ caller, projectId }: ReloadRequest): Promise<void> => {
    requireModelingPrivilege(caller, projectId, 'schema');
    await requireExistingProject(platform.metadata.reader, projectId);
    await ended.release();
    const lock = await findForeignSchemaLock(platform.metadata.reader, projectId, caller.sessionId);
    if (lock !== undefined) throw new AppError('busy', describeSchemaLock(lock));
  };

  const runTask = async (id: string, request: ReloadRequest): Promise<void> => {
    const errors = await reloadSchema(platform, request).then(
      () => [],
      (error: unknown) => [toTaskError(platform, error)],
    );
    const result = { ended_at: platform.clock.now(), ...outcome(errors) };
    await platform.library
      .write((tx) => modelTasks(tx).end(id, result))
      .catch((error: unknown) => platform.log.error({ err: error, task: id }, 'the end of a task was not recorded'));
  };

  return {
    async reload(request) {
      await check(request);
      await reloadSchema(platform, request);
    },

    async start(request) {
      await check(request);
      const task: ModelTaskTable = {
        id: platform.ids.objectId(),
        kind: 'reloadSchema',
        project_id: request.projectId,
        user_id: request.caller.user.id,
        started_at: platform.clock.now(),
        ended_at: null,
        status: 'running',
        errors: '[]',
      };
      await platform.library.write(async (tx) => {
        await modelTasks(tx).removeEndedBefore(task.started_at - KEPT_FOR_MS);
        await modelTasks(tx).insert(task);
      });
      const work = runTask(task.id, request).finally(() => running.delete(work));
      running.add(work);
      return toView(task);
    },

    getTask: (caller, id) => getTask(platform, caller, id),

    settle: () =>
      platform.library.write((tx) =>
        modelTasks(tx).endRunning({
          ended_at: platform.clock.now(),
          ...outcome([
            { code: 'ERR001', message: 'The server was stopped before the task had ended. Start it again.' },
          ]),
        }),
      ),

    async drain() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

async function getTask(platform: Platform, caller: Caller, id: string): Promise<ModelTask> {
  const parsed = parseObjectId(id);
  const task = parsed && (await modelTasks(platform.library.reader).find(parsed));
  if (task && (task.user_id === caller.user.id || caller.isAdministrator)) return toView(task);
  throw new AppError('notFound', `There is no task with the id ${id}. Tasks are kept for a day.`);
}

/** What a reload recomputes; the schema is brought up to date in any case. Element caches are none of Longshore. */
const UPDATES: Readonly<Record<ReloadType, SchemaUpdate>> = {
  table_key: 'recal_table_keys_fact_entry_level',
  entry_level: 'recal_table_keys_fact_entry_level',
  logical_size: 'recal_table_logical_size',
  clear_element_cache: 'update_schema_logical_info',
};

async function reloadSchema(platform: Platform, request: ReloadRequest): Promise<void> {
  const { caller, projectId, updateTypes } = request;
  const updates = [...new Set<SchemaUpdate>([...updateTypes.map((t) => UPDATES[t]), 'update_schema_logical_info'])];
  await platform.metadata.write(async (tx) => {
    const now = wireDateOfSecond(platform.clock.now());
    await updateSchema(tx, { projectId, updates, date: now });
    const user = { id: caller.user.id, name: caller.user.name };
    await journalWriter(tx).record({
      kind: 'reload-schema',
      user,
      date: now,
      summary: { projectId, updates },
      entries: [],
    });
    await objectWriter(tx).bumpRevision(projectId);
  }, projectId);
}

type TaskError = NonNullable<ModelTask['errors']>[number];

function toTaskError(platform: Platform, error: unknown): TaskError {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  platform.log.error({ err: error }, 'a schema reload failed');
  return { code: 'ERR001', message: 'The schema could not be reloaded; nothing was changed.' };
}

function outcome(errors: readonly TaskError[]): { status: string; errors: string } {
  return { status: errors.length === 0 ? 'completed' : 'failed', errors: JSON.stringify(errors) };
}

function toView(task: ModelTaskTable): ModelTask {
  const errors = JSON.parse(task.errors) as TaskError[];
  return {
    id: task.id,
    task: task.kind,
    startTime: new Date(task.started_at).toISOString(),
    ...(task.ended_at === null ? {} : { endTime: new Date(task.ended_at).toISOString() }),
    status: task.status as ModelTask['status'],
    ...(errors.length === 0 ? {} : { errors }),
  };
}
