import { AppError, NO_SCHEMA_LOCK, type SchemaLockType, type SchemaLockView } from '@longshore/contracts';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { SchemaLockTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { requireModelingPrivilege } from '../modeling/modeling-privileges.ts';
import { requireExistingProject } from '../modeling/require-project.ts';
import type { EndedSessions } from './ended-sessions.ts';
import { describeSchemaLock } from './find-foreign-schema-lock.ts';
import { schemaLocks } from './schema-locks.repository.ts';

/** The use cases of `/api/model/schema/lock` (spec/api.md 2.12). */
export interface SchemaLockService {
  get(projectId: string): Promise<SchemaLockView>;
  /**
   * Keeps everyone, the caller included, from changing schema objects until it is unlocked or the session ends.
   * @throws AppError `busy` when something else holds a lock; `invalid` for a kind that only changesets place
   */
  lock(caller: Caller, projectId: string, lockType: SchemaLockType): Promise<void>;
  /** Of an unlocked schema there is nothing to do. A changeset whose lock is taken can no longer be committed. */
  unlock(caller: Caller, projectId: string, lockType: SchemaLockType | undefined): Promise<void>;
}

export interface SchemaLockParts {
  readonly platform: Platform;
  readonly ended: EndedSessions;
  /** How this machine calls itself in locks. */
  readonly machineName: string;
}

export function createSchemaLockService({ platform, ended, machineName }: SchemaLockParts): SchemaLockService {
  return {
    async get(projectId) {
      await requireExistingProject(platform.metadata.reader, projectId);
      await ended.release();
      const lock = await schemaLocks(platform.metadata.reader).find(projectId);
      return lock === undefined ? { lockType: NO_SCHEMA_LOCK } : toView(lock, machineName);
    },

    async lock(caller, projectId, lockType) {
      if (lockType !== 'absolute_individual') {
        throw new AppError(
          'invalid',
          `Invalid value: lockType ${lockType} is not placed by this call. Use absolute_individual, or open a changeset with schemaEdit=true.`,
        );
      }
      requireModelingPrivilege(caller, projectId, 'schema');
      await requireExistingProject(platform.metadata.reader, projectId);
      await ended.release();
      await platform.metadata.write(async (tx) => {
        const existing = await schemaLocks(tx).find(projectId);
        if (existing?.lock_type === lockType && existing.session_id === caller.sessionId) return;
        if (existing) throw new AppError('busy', describeSchemaLock(existing));
        await schemaLocks(tx).put({
          project_id: projectId,
          lock_type: lockType,
          session_id: caller.sessionId,
          changeset_id: null,
          owner_id: caller.user.id,
          owner_name: caller.user.name,
          date: wireDateOfSecond(platform.clock.now()),
        });
      });
    },

    async unlock(caller, projectId, lockType) {
      await requireExistingProject(platform.metadata.reader, projectId);
      await ended.release();
      await platform.metadata.write(async (tx) => {
        const lock = await schemaLocks(tx).find(projectId);
        if (lock === undefined) return;
        if (lockType !== undefined && lockType !== lock.lock_type) {
          throw new AppError('invalid', `Invalid value: lockType ${lockType}. ${describeSchemaLock(lock)}`);
        }
        if (lock.owner_id !== caller.user.id && !caller.isAdministrator) {
          throw new AppError('noAccess', `Only its owner or an administrator unlocks it. ${describeSchemaLock(lock)}`);
        }
        await schemaLocks(tx).remove(projectId);
      });
    },
  };
}

function toView(lock: SchemaLockTable, machineName: string): SchemaLockView {
  const id = lock.changeset_id === null ? '' : `<LOCKID>${lock.changeset_id}</LOCKID>`;
  return {
    lockType: lock.lock_type as SchemaLockType,
    dateCreated: lock.date.slice(0, 'yyyy-MM-ddTHH:mm:ss'.length),
    comment: `<COMMENTS><PRODUCT>Longshore</PRODUCT>${id}</COMMENTS>`,
    machineName,
    ownerName: lock.owner_name,
    ownerId: lock.owner_id,
  };
}
