import { parseGroupCertification, type CertifyGroupBody, type GroupCertification } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import type { FileStore } from '../../platform/files/file-store.ts';
import { certificationPath, type StorePath } from '../../platform/files/store-path.ts';
import type { Caller } from '../../platform/http/access.ts';
import { inputOf, isNewer, parseCertification, readChange } from './group-certification.ts';
import { requireAccess } from './group-access.ts';
import type { GroupDeps } from './group-deps.ts';
import { requireGroupKey, requireLiveGroup } from './group-key.ts';
import type { Group } from './group-records.ts';
import { requireForMembers } from './group-state.ts';
import { groupRepository } from './migration-groups.repository.ts';

export interface CertifyGroup {
  readonly groupId: string;
  readonly body: CertifyGroupBody;
  /** Exchanges the certification with the other environments; the body is not looked at. */
  readonly autoSync: boolean;
  readonly caller: Caller;
}

/**
 * Use case: certify a group, or ask for it, or bring this environment and the others to the same certification
 * (spec/api.md 2.8, 3.6). There is one for the whole group.
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`, `storageMisconfigured`
 */
export async function certifyGroup(deps: GroupDeps, request: CertifyGroup): Promise<void> {
  if (request.autoSync) return syncCertification(deps, request);
  const key = requireGroupKey(request.groupId);
  const { platform } = deps;
  await platform.library.write(async (tx) => {
    const groups = groupRepository(tx);
    const group = requireLiveGroup(await groups.findGroup(key.packageGroupId), key, request.groupId);
    const now = wireDate(platform.clock.now());
    const change = readChange(parseCertification(group.record.certification), {
      input: inputOf(request.body),
      caller: request.caller,
      now,
      projectIds: projectsOf(group),
    });
    if (!change) return;
    // A copy says how it is on the other side, whatever the state here.
    if (change.kind === 'request') requireForMembers('certify', group.record, group.members);
    const certification = JSON.stringify(change.certification);
    await groups.saveGroup({ ...group.record, certification, lastUpdatedDate: now });
  });
}

function projectsOf({ members }: Group): (string | null)[] {
  return members.map((member) => member.package.project?.id ?? null);
}

/** The newer of this environment's certification and the one in the shared store becomes both. */
async function syncCertification(deps: GroupDeps, { groupId, caller }: CertifyGroup): Promise<void> {
  const key = requireGroupKey(groupId);
  const { platform, files } = deps;
  const path = certificationPath(key.packageGroupId, key.importGroupId);
  const shared = await readShared(files, path);
  const own = await platform.library.write(async (tx) => {
    const groups = groupRepository(tx);
    const group = requireLiveGroup(await groups.findGroup(key.packageGroupId), key, groupId);
    requireAccess(group, caller);
    const { record } = group;
    const certification = parseCertification(record.certification);
    if (!shared || !isNewer(shared, certification)) return certification;
    const lastUpdatedDate = wireDate(platform.clock.now());
    await groups.saveGroup({ ...record, certification: JSON.stringify(shared), lastUpdatedDate });
    return shared;
  });
  if (own && isNewer(own, shared ?? null)) await writeShared(files, path, JSON.stringify(own));
}

/** Far more than a certification needs. */
const LARGEST_FILE = 64 * 1024;

async function readShared(files: FileStore, path: StorePath): Promise<GroupCertification | undefined> {
  const found = await files.stat(path);
  if (!found || found.size > LARGEST_FILE) return undefined;
  const { stream } = await files.openRead(path);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return parseGroupCertification(Buffer.concat(chunks).toString('utf8'));
}

async function writeShared(files: FileStore, path: StorePath, text: string): Promise<void> {
  const pending = await files.create(path);
  pending.stream.write(text);
  await pending.commit();
}
