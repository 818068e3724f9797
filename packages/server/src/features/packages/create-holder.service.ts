import { AppError, type ShortPackage } from '@longshore/contracts';
import { requireAnyPrivilege } from '../../platform/http/access.ts';
import { EITHER_PACKAGE_PRIVILEGE } from '../migrations/record-access.ts';
import { targetFactsRepository } from '../migrations/target-facts.repository.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { toShortPackage } from './holder-mapper.ts';
import type { HolderRecord } from './holder-records.ts';
import { holderRepository } from './package-holders.repository.ts';
import { toSessionId } from './session-id.ts';

/**
 * Use case: an empty package for the caller's session, which can have one at a time (spec/api.md 2.11). The project of
 * the header is its project from then on.
 * @throws AppError `missingPrivilege`, `invalid` when the session has one already, or the project is not here
 */
export async function createHolder(deps: HolderDeps, { caller, projectId }: HolderCall): Promise<ShortPackage> {
  const { platform } = deps;
  if (projectId !== null) await requireProject(deps, projectId);
  requireAnyPrivilege(caller, EITHER_PACKAGE_PRIVILEGE, projectId);
  await deps.files.check();
  const holder: HolderRecord = {
    guid: platform.ids.objectId(),
    sessionId: caller.sessionId,
    projectId,
    status: 'EMPTY',
    message: '',
    type: null,
    kind: null,
    packageId: null,
    undoneImportId: null,
    view: {},
    storagePath: null,
    storageSize: null,
  };
  await platform.library.write(async (tx) => {
    const existing = await holderRepository(tx).findHolderOf(caller.sessionId);
    if (existing) {
      throw new AppError(
        'invalid',
        `The session has the package ${toSessionId(existing)} already (status '${existing.status}'), and can have one. ` +
          'Delete it first.',
      );
    }
    await holderRepository(tx).saveHolder(holder);
  });
  return toShortPackage(holder);
}

/** @throws AppError `invalid` for a project that this environment has not */
export async function requireProject(
  deps: Pick<HolderDeps, 'platform'>,
  projectId: string,
): Promise<{ id: string; name: string }> {
  const project = await targetFactsRepository(deps.platform.metadata.reader).findProject(projectId);
  if (project) return project;
  throw new AppError(
    'invalid',
    `The header X-MSTR-ProjectID names ${projectId}, which is not a project of this environment.`,
  );
}
