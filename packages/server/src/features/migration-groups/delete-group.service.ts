import { AppError } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import { certificationPath } from '../../platform/files/store-path.ts';
import type { Caller } from '../../platform/http/access.ts';
import { markDeleted } from '../migrations/delete-package.service.ts';
import { releasedFilesRepository } from '../migrations/released-files.repository.ts';
import { removeReleasedFiles } from '../migrations/released-files.ts';
import { requireGroupAccess } from './group-access.ts';
import type { GroupDeps } from './group-deps.ts';
import { requireForMembers } from './group-state.ts';
import { groupRepository } from './migration-groups.repository.ts';

export interface DeleteGroup {
  readonly packageGroupId: string | undefined;
  readonly userComments: string | undefined;
  readonly caller: Caller;
}

/**
 * Use case: take a group, its packages, imports and undo packages out of this environment (spec/api.md 2.8). Package
 * files go only where they were built.
 * @throws AppError `missing`, `unknownPackage`, `missingPrivilege`, `invalid` while jobs work on it.
 */
export async function deleteGroup(deps: GroupDeps, request: DeleteGroup): Promise<void> {
  if (!request.packageGroupId) throw new AppError('missing', 'The query parameter packageGroupId is required.');
  const packageGroupId = parseObjectId(request.packageGroupId);
  const { platform } = deps;
  await platform.library.write(async (tx) => {
    const groups = groupRepository(tx);
    const found = packageGroupId === undefined ? undefined : await groups.findGroup(packageGroupId);
    if (!found || found.record.deleted) {
      const id = (request.packageGroupId ?? '').slice(0, 100);
      throw new AppError('unknownPackage', `The migration group with package group id ${id} is not found.`);
    }
    requireGroupAccess(found, request.caller);
    const { record, members } = found;
    requireForMembers('delete', record, members);
    const now = wireDate(platform.clock.now());
    for (const member of members) {
      await markDeleted(tx, { package: member.package, imports: [member.import] }, now);
    }
    await groups.saveGroup({ ...record, deleted: true, lastUpdatedDate: now });
    if (record.replicated) return;
    await releasedFilesRepository(tx).releaseFiles([certificationPath(record.packageGroupId, record.importGroupId)]);
  });
  const { user } = request.caller;
  const about = { packageGroupId, userId: user.id, comments: request.userComments };
  platform.log.info(about, `Migration group deleted by ${user.name}`);
  await removeReleasedFiles(platform, deps.files);
}
