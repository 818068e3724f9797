import type { PackagePurpose } from '@longshore/domain';
import { packagePath } from '../../platform/files/store-path.ts';
import type { Caller } from '../../platform/http/access.ts';
import { toCreator, toJobCaller } from '../migrations/migration-caller.ts';
import type { CreateJob } from '../migrations/migration-jobs.ts';
import type { MigrationKey, MigrationRecord } from '../migrations/migration-records.ts';
import type { GroupDeps } from './group-deps.ts';
import type { GroupRequest, MemberRequest } from './group-request.ts';

/** The first member has the group's own purpose, all others that of a child (spec/api.md 2.8). */
export function purposeAt(position: number): PackagePurpose {
  return position === 0 ? 'migration_group' : 'migration_group_child';
}

export interface NewMember {
  readonly key: MigrationKey;
  readonly position: number;
  readonly group: GroupRequest;
  readonly request: MemberRequest;
  readonly caller: Caller;
  /** Wire date. */
  readonly now: string;
}

/** A member whose turn has not come. */
export function emptyMember({ key, position, group, request, caller, now }: NewMember): MigrationRecord {
  return {
    package: {
      id: key.packageId,
      name: group.name,
      type: request.asked.type,
      purpose: purposeAt(position),
      replicated: false,
      creator: toCreator(caller),
      creationDate: now,
      lastUpdatedDate: now,
      environment: {},
      storagePath: null,
      storageSize: null,
      project: request.project,
      status: 'empty',
      message: '',
      warnings: [],
      progress: 0,
      deleted: false,
      existing: true,
      certification: null,
    },
    import: {
      id: key.importId,
      packageId: key.packageId,
      creator: null,
      creationDate: now,
      lastUpdatedDate: now,
      environment: {},
      project: request.targetProject,
      status: 'pending',
      importRequestStatus: 'pending',
      undoRequestStatus: 'pending',
      progress: 0,
      message: '',
      undoPath: null,
      undoSize: null,
      validation: null,
    },
  };
}

/** The job that builds a member. Its file is an ordinary package: that it came out of a group is not in it. */
export function createJob(deps: GroupDeps, { key, group, request, caller, now }: NewMember): CreateJob {
  const { asked, project } = request;
  const { id = '', name = id } = group.sourceEnvironment;
  return {
    kind: 'create',
    ...key,
    type: asked.type,
    purpose: asked.purpose,
    name: group.name,
    createdAt: now,
    caller: toJobCaller(caller, project?.id ?? null),
    environment: { id, name },
    project,
    settings: asked.settings,
    content: asked.content,
    storagePath: packagePath(now.slice(0, 10), deps.platform.ids.objectId()),
    maxBytes: deps.options.maxPackageBytes,
  };
}

/** The views of a member that is not built yet: what was asked for. */
export function askedViews({ asked }: MemberRequest): { tocView: string; treeView: string } {
  return {
    tocView: JSON.stringify({ settings: asked.settings, content: asked.content }),
    treeView: asked.treeView,
  };
}
