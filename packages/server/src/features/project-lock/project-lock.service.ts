import {
  AppError,
  NOT_LOCKED,
  type LockProject,
  type ProjectLockType,
  type ProjectLockView,
  type UnlockProject,
} from '@longshore/contracts';
import { CONFIGURATION_SCOPE, parseObjectId, privilegeName } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { ProjectLockTable } from '../../platform/db/metadata-schema.ts';
import { missingPrivilege, type Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { requireExistingProject } from '../modeling/require-project.ts';
import type { EndedSessions } from '../schema-lock/ended-sessions.ts';
import { describeProjectLock } from './find-foreign-project-lock.ts';
import { projectLocks } from './project-locks.repository.ts';

/** The use cases of `/api/projects/{id}/lock` and `/api/iserver/lock` (spec/api.md 2.14). */
export interface ProjectLockService {
  /** @param projectId null for the configuration */
  get(projectId: string | null): Promise<ProjectLockView>;
  /** Asks for "Configure project basic", for the configuration for an administrator. @throws AppError `busy` */
  lock(caller: Caller, projectId: string | null, body: LockProject): Promise<void>;
  /** Kind and id of the lock have to be given, or `force`; only its owner and administrators may. */
  unlock(caller: Caller, projectId: string | null, query: UnlockProject): Promise<void>;
}

const CONFIGURE_PROJECT = 171;

export interface ProjectLockParts {
  readonly platform: Platform;
  readonly ended: EndedSessions;
  /** How this machine calls itself in locks. */
  readonly machineName: string;
}

export function createProjectLockService({ platform, ended, machineName }: ProjectLockParts): ProjectLockService {
  const scopeFor = async (projectId: string | null): Promise<string> => {
    if (projectId === null) return CONFIGURATION_SCOPE;
    const id = parseObjectId(projectId);
    if (id === undefined) throw new AppError('notFound', `There is no project with the id ${projectId}.`);
    await requireExistingProject(platform.metadata.reader, id);
    return id;
  };
  return {
    async get(projectId) {
      const scope = await scopeFor(projectId);
      await ended.release();
      const lock = await projectLocks(platform.metadata.reader).find(scope);
      return lock === undefined ? { lockType: NOT_LOCKED } : toView(lock, machineName);
    },

    async lock(caller, projectId, { lockType, lockId }) {
      const scope = await scopeFor(projectId);
      requireLocking(caller, scope);
      await ended.release();
      await platform.metadata.write(async (tx) => {
        const existing = await projectLocks(tx).find(scope);
        if (existing && existing.session_id !== caller.sessionId) {
          throw new AppError('busy', describeProjectLock(existing));
        }
        await projectLocks(tx).put({
          scope,
          lock_type: lockType,
          session_id: caller.sessionId,
          lock_id: lockId ?? '',
          owner_id: caller.user.id,
          owner_name: caller.user.name,
          date: wireDateOfSecond(platform.clock.now()),
        });
      });
    },

    async unlock(caller, projectId, query) {
      const scope = await scopeFor(projectId);
      await ended.release();
      await platform.metadata.write(async (tx) => {
        const lock = await projectLocks(tx).find(scope);
        if (lock === undefined) return;
        if (!query.force) requireSameLock(lock, query);
        if (lock.owner_id !== caller.user.id && !caller.isAdministrator) {
          throw new AppError('noAccess', `Only its owner or an administrator unlocks it. ${describeProjectLock(lock)}`);
        }
        await projectLocks(tx).remove(scope);
      });
    },
  };
}

function requireLocking(caller: Caller, scope: string): void {
  if (caller.isAdministrator) return;
  if (scope === CONFIGURATION_SCOPE) throw missingPrivilege('Administer environment');
  if (!caller.hasPrivilege(CONFIGURE_PROJECT, scope)) throw missingPrivilege(privilegeName(CONFIGURE_PROJECT));
}

function requireSameLock(lock: ProjectLockTable, { lockType, lockId }: UnlockProject): void {
  if (lockType === lock.lock_type && (lockId ?? '') === lock.lock_id) return;
  throw new AppError(
    'invalid',
    `Invalid value: lockType and lockId must be those of the lock, or force must be true. ${describeProjectLock(lock)}`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replaceAll(/[<>&"]/g, (sign) => ENTITIES[sign] ?? sign);

/** Clients read the id of a lock out of its comment. */
function toView(lock: ProjectLockTable, machineName: string): ProjectLockView {
  return {
    lockType: lock.lock_type as ProjectLockType,
    lockTime: lock.date,
    comment: `<COMMENTS><PRODUCT>Longshore</PRODUCT><LOCKID>${escapeXml(lock.lock_id)}</LOCKID></COMMENTS>`,
    machineName,
    owner: { id: lock.owner_id, name: lock.owner_name },
  };
}
