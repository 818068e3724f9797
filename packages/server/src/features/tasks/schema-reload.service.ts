import { AppError, type ModelTask, type ReloadType } from '@longshore/contracts';
import { parseObjectId, type SchemaUpdate } from '@longshore/domain';
import type { ModelTaskTable } from '../../platform/db/library-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { requireModelingPrivilege } from '../modeling/modeling-privileges.ts';
import { requireExistingProject } from '../modeling/require-project.ts';
import type { EndedSessions } from '../schema-lock/ended-sessions.ts';
import { describeSchemaLock, findForeignSchemaLock } from '../schema-lock/find-foreign-schema-lock.ts';
import type { ReloadJobs, TaskError } from './reload-jobs.service.ts';
import { reloadSchema, type ReloadOrder } from './reload-schema.ts';
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
}

/** Clients poll for seconds; a day is enough to look at a failure. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

export function createSchemaReloadService(
  platform: Platform,
  ended: EndedSessions,
  jobs: ReloadJobs,
): SchemaReloadService {
  const check = async ({ caller, projectId }: ReloadRequest): Promise<void> => {
    requireModelingPrivilege(caller, projectId, 'schema');
    await requireExistingProject(platform.metadata.reader, projectId);
    await ended.release();
    const lock = await findForeignSchemaLock(platform.metadata.reader, projectId, caller.sessionId);
    if (lock !== undefined) throw new AppError('busy', describeSchemaLock(lock));
  };

  return {
    async reload(request) {
      await check(request);
      await reloadSchema(platform, orderOf(request));
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
      const job = { taskId: task.id, ...orderOf(request) };
      await platform.library.write(async (tx) => {
        await modelTasks(tx).removeEndedBefore(task.started_at - KEPT_FOR_MS);
        await modelTasks(tx).insert(task);
        await jobs.enqueue(tx, job);
      });
      jobs.submit(job);
      return toView(task);
    },

    getTask: (caller, id) => getTask(platform, caller, id),
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

function orderOf({ caller, projectId, updateTypes }: ReloadRequest): ReloadOrder {
  const updates = [...new Set<SchemaUpdate>([...updateTypes.map((t) => UPDATES[t]), 'update_schema_logical_info'])];
  return { projectId, updates, user: { id: caller.user.id, name: caller.user.name } };
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
