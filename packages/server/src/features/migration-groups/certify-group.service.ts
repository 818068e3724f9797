import { parseCertificationFile, type Certification, type CertifyPackageBody } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import { certificationPath } from '../../platform/files/store-path.ts';
import type { Caller } from '../../platform/http/access.ts';
import { decideCertification } from '../migrations/certification/certification-decision.ts';
import { readCertification, type CertificationRequest } from '../migrations/certification/certification-request.ts';
import { parseCertification } from '../migrations/certification/certify-package.service.ts';
import { changeStatusFile } from '../migrations/status-files/status-files.ts';
import { inAllProjects, requireGroupAccess } from './group-access.ts';
import type { GroupDeps } from './group-deps.ts';
import type { GroupKey } from '../migrations/group-members.repository.ts';
import { requireGroupKey, requireLiveGroup } from './group-key.ts';
import type { Group } from './group-records.ts';
import { refusalOfCopy, requireForMembers } from './group-state.ts';
import { groupRepository } from './migration-groups.repository.ts';

export interface CertifyGroup {
  readonly groupId: string;
  readonly body: CertifyPackageBody | undefined;
  readonly caller: Caller;
}

/**
 * Use case: certify a group, ask for it or take it back, or carry over the certification of another environment
 * (spec/api.md 2.8, 3.6). There is one for the whole group; the rules are those of a single package.
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`
 */
export async function certifyGroup(deps: GroupDeps, { groupId, body, caller }: CertifyGroup): Promise<void> {
  const key = requireGroupKey(groupId);
  const request = readCertification(body);
  const { platform } = deps;
  await platform.library.write(async (tx) => {
    const groups = groupRepository(tx);
    const group = requireLiveGroup(await groups.findGroup(key.packageGroupId), key, groupId);
    requireState(group, request);
    const { record } = group;
    const now = platform.clock.now();
    const changed = decideCertification({
      current: parseCertification(record.certification),
      request,
      replicated: record.replicated,
      caller: inAllProjects(group, caller),
      projectId: null,
      now,
    });
    if (!changed) return;
    await groups.saveGroup({ ...record, certification: JSON.stringify(changed), lastUpdatedDate: wireDate(now) });
  });
}

/** A copy is always locked, so its state says nothing; it takes what others have decided, and decides nothing. */
function requireState({ record, members }: Group, { operator, lastUpdatedDate }: CertificationRequest): void {
  if (!record.replicated) return requireForMembers('certify', record, members);
  if (operator === undefined || lastUpdatedDate === undefined) throw refusalOfCopy();
}

/**
 * Use case: exchange the certification of a group with the other environments through the shared store. The newest one
 * wins, here and there.
 * @throws AppError `notFound`, `missingPrivilege`, `storageMisconfigured`
 */
export async function syncGroupCertification(
  deps: GroupDeps,
  { groupId, caller }: Omit<CertifyGroup, 'body'>,
): Promise<void> {
  const key = requireGroupKey(groupId);
  const { files } = deps;
  const path = certificationPath(key.packageGroupId, key.importGroupId);
  await changeStatusFile(files, path, async (text) => {
    const shared = (text === null ? undefined : parseCertificationFile(text)) ?? null;
    const own = await takeNewest(deps, { groupId, caller, key }, shared);
    return own && isNewer(own, shared) ? `${JSON.stringify(own)}\n` : null;
  });
}

interface TakeNewest extends Omit<CertifyGroup, 'body'> {
  readonly key: GroupKey;
}

/** The group's certification after it has taken the shared one if that is newer. */
function takeNewest(
  { platform }: GroupDeps,
  { groupId, caller, key }: TakeNewest,
  shared: Certification | null,
): Promise<Certification | null> {
  return platform.library.write(async (tx) => {
    const groups = groupRepository(tx);
    const group = requireLiveGroup(await groups.findGroup(key.packageGroupId), key, groupId);
    requireGroupAccess(group, caller);
    const { record } = group;
    const certification = parseCertification(record.certification);
    if (!shared || !isNewer(shared, certification)) return certification;
    const lastUpdatedDate = wireDate(platform.clock.now());
    await groups.saveGroup({ ...record, certification: JSON.stringify(shared), lastUpdatedDate });
    return shared;
  });
}

const isNewer = (a: Certification, b: Certification | null): boolean => !b || a.lastUpdatedDate > b.lastUpdatedDate;
