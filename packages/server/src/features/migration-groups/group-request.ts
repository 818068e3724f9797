import { AppError, type CreateGroupBody, type GroupMemberInput, type Ref } from '@longshore/contracts';
import { parseObjectId } from '@longshore/domain';
import { PRIVILEGE, requirePrivileges, type Caller } from '../../platform/http/access.ts';
import type { NamedRef } from '../migrations/migration-jobs.ts';
import { toRef } from '../migrations/migration-mapper.ts';
import { readPackageRequest, treeViewText, type PackageRequest } from '../migrations/package-request.ts';
import { readTargetProject } from '../migrations/package-target.ts';
import { targetFactsRepository } from '../migrations/target-facts.repository.ts';
import { forMember } from './at-member.ts';
import type { GroupDeps } from './group-deps.ts';
import { requireGroupRules, requireGroupSize } from './group-rules.ts';

/** A member as it was asked for, with its projects. */
export interface MemberRequest {
  readonly asked: PackageRequest;
  /** Source project; null for a configuration package. */
  readonly project: NamedRef | null;
  readonly targetProject: Ref | null;
}

/** A group as a create call or an edit asks for it. */
export interface GroupRequest {
  readonly name: string;
  readonly sourceEnvironment: Ref;
  readonly targetEnvironment: Ref;
  /** JSON text. */
  readonly treeView: string;
  readonly members: readonly MemberRequest[];
}

/** What a body that leaves it out does not change; nothing for a create call. */
export type KnownEnvironments = Partial<Pick<GroupRequest, 'sourceEnvironment' | 'targetEnvironment'>>;

/**
 * Reads a group in its create form: checked as far as that is possible before the jobs look at the objects.
 * @throws AppError `missing`, `invalid` with the path of the field, `missingPrivilege`
 */
export async function readGroupRequest(
  deps: GroupDeps,
  body: CreateGroupBody,
  caller: Caller,
  known: KnownEnvironments = {},
): Promise<GroupRequest> {
  const name = body.name?.trim() ? body.name : missing('name');
  const sourceEnvironment = body.sourceEnvironment?.id ? toRef(body.sourceEnvironment) : known.sourceEnvironment;
  if (!sourceEnvironment) missing('sourceEnvironment');
  requireGroupSize(body.migrations.length, deps.groupOptions.maxGroupMembers);
  const members: MemberRequest[] = [];
  for (const [index, member] of body.migrations.entries()) {
    const parts = { member, name, sourceEnvironment };
    members.push(await forMember(index, () => readMember(deps, parts, caller)));
  }
  requireGroupRules(members.map(({ asked, project }) => ({ type: asked.type, projectId: project?.id ?? null })));
  return {
    name,
    sourceEnvironment,
    targetEnvironment: body.targetEnvironment?.id ? toRef(body.targetEnvironment) : (known.targetEnvironment ?? {}),
    treeView: treeViewText(body.treeView),
    members,
  };
}

function missing(field: string): never {
  throw new AppError('missing', `The field ${field} is required and must not be empty.`);
}

interface MemberParts {
  readonly member: GroupMemberInput;
  readonly name: string;
  readonly sourceEnvironment: Ref;
}

/** Purposes of members are given by the server: what a client sends is not looked at. */
async function readMember(deps: GroupDeps, parts: MemberParts, caller: Caller): Promise<MemberRequest> {
  const { packageInfo, importInfo } = parts.member;
  const { type, tocView, treeView } = packageInfo;
  const asked = readPackageRequest({
    ...(type === undefined ? {} : { type }),
    purpose: 'object_migration',
    name: parts.name,
    environment: parts.sourceEnvironment,
    tocView: tocView ?? null,
    treeView,
  });
  const isProject = asked.type !== 'configuration';
  const project = isProject ? await sourceProject(deps, packageInfo.project?.id) : null;
  requirePrivileges(caller, [PRIVILEGE.createPackage], project?.id ?? null);
  return { asked, project, targetProject: isProject ? readTargetProject(importInfo?.project) : null };
}

/** Groups have no project header: the project of each package is in the body. */
async function sourceProject(deps: GroupDeps, text: string | null | undefined): Promise<NamedRef> {
  if (!text) {
    throw new AppError('missing', 'The field packageInfo.project is required for a package of a project.');
  }
  const id = parseObjectId(text);
  if (id === undefined) throw new AppError('invalid', `packageInfo.project.id '${text}' is not 32 hex digits.`);
  const project = await targetFactsRepository(deps.platform.metadata.reader).findProject(id);
  if (project) return project;
  throw new AppError('invalid', `packageInfo.project.id is ${id}, which is not a project of this environment.`);
}
