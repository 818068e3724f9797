import {
  AppError,
  parseCertificationFile,
  type GroupMemberInput,
  type PutGroupBody,
  type Ref,
  type TriggerImportBody,
} from '@longshore/contracts';
import { parseObjectId, parseWireDate } from '@longshore/domain';
import type { GroupKey } from '../migrations/group-members.repository.ts';
import { groupName } from '../migrations/group-member.ts';
import { readImportRequest, type ImportRequest } from '../migrations/import-request.ts';
import { toRef } from '../migrations/migration-mapper.ts';
import { treeViewText } from '../migrations/package-request.ts';
import { forMember } from './at-member.ts';
import { parseGroupId } from './group-key.ts';
import { requireGroupRules, requireGroupSize } from './group-rules.ts';
import { purposeAt } from './new-member.ts';

/** One member of a group that is to be imported. */
export interface MemberImport {
  readonly request: ImportRequest;
  /** Wire date of the source, which the target keeps for groups (spec/api.md 6.26); undefined where it cannot be read. */
  readonly importDate: string | undefined;
}

/** The copy of a group that a PUT carries, as far as it can be believed. */
export interface GroupImportRequest {
  readonly key: GroupKey;
  readonly name: string;
  readonly sourceEnvironment: Ref;
  readonly targetEnvironment: Ref;
  readonly treeView: string;
  readonly creationDate: string | undefined;
  readonly certification: string | null;
  /** In the order in which they are to be imported. */
  readonly members: readonly MemberImport[];
}

/**
 * Whether a PUT on a group is an import or an edit: one path serves both (spec/api.md 2.8, 6.10).
 * @throws AppError `invalid` for a body that is neither.
 */
export function kindOfPut(body: PutGroupBody): 'import' | 'edit' {
  const { migrations } = body;
  requireGroupSize(migrations.length, Number.POSITIVE_INFINITY);
  if (!migrations.some(hasId)) return 'edit';
  if (migrations.every((member) => hasId(member) && member.packageInfo.replicated === true)) return 'import';
  const index = migrations.findIndex((member) => !hasId(member) || member.packageInfo.replicated !== true);
  const member = migrations[index];
  const fact =
    member && hasId(member)
      ? `migrations[${index}].packageInfo.replicated is '${String(member.packageInfo.replicated ?? '')}'`
      : `migrations[${index}] has no id, and others have one`;
  throw new AppError(
    'invalid',
    `The body is neither an import nor an edit of the group: ${fact}. To import, send the group of the source whole, ` +
      'with replicated set to true on every member; to edit, send all members without ids.',
  );
}

const hasId = (member: GroupMemberInput): boolean => Boolean(member.id ?? member.packageInfo.id);

/**
 * Reads the body of an import, member by member (spec/api.md 2.8, and 2.7.5 for each member).
 * @throws AppError `invalid` or `missing` with the path of the field.
 */
export async function readGroupImport(
  pathId: string,
  body: PutGroupBody,
  maxMembers: number,
): Promise<GroupImportRequest> {
  const key = readKey(pathId, body);
  requireGroupSize(body.migrations.length, maxMembers);
  const members: MemberImport[] = [];
  for (const [index, member] of body.migrations.entries()) {
    members.push(await forMember(index, () => readMember(member, key)));
  }
  requireDistinct(members);
  requireGroupRules(members.map(({ request }) => ({ type: request.type, projectId: sourceOf(request) })));
  return {
    key,
    name: body.name ?? members[0]?.request.name ?? '',
    sourceEnvironment: toRef(body.sourceEnvironment),
    targetEnvironment: toRef(body.targetEnvironment),
    treeView: treeViewText(body.treeView),
    creationDate: parseWireDate(body.creationDate ?? ''),
    certification: wholeCertification(body.certification),
    members: withPurposes(members),
  };
}

/** Only a whole certification is kept: clients cannot read a part of one. */
function wholeCertification(input: PutGroupBody['certification']): string | null {
  const whole = parseCertificationFile(JSON.stringify(input ?? null));
  return whole ? JSON.stringify(whole) : null;
}

function readKey(pathId: string, body: PutGroupBody): GroupKey {
  const key = parseGroupId(pathId);
  if (!key) throw new AppError('invalid', `The id '${pathId}' in the path is not <packageGroupId>:<importGroupId>.`);
  const bodyKey = parseGroupId(body.id ?? '');
  if (bodyKey?.packageGroupId === key.packageGroupId && bodyKey.importGroupId === key.importGroupId) return key;
  throw new AppError('invalid', `The body's id '${body.id ?? ''}' is not the id ${groupName(key)} of the path.`);
}

function readMember(member: GroupMemberInput, key: GroupKey): MemberImport {
  const { packageInfo, importInfo } = member;
  requireGroupId('packageInfo.groupId', packageInfo.groupId, key.packageGroupId);
  requireGroupId('importInfo.groupId', importInfo?.groupId, key.importGroupId);
  return {
    request: readImportRequest(member.id ?? '', triggerBody(member)),
    importDate: parseWireDate(importInfo?.creationDate ?? ''),
  };
}

function requireGroupId(field: string, value: string | null | undefined, expected: string): void {
  if (!value || parseObjectId(value) === expected) return;
  throw new AppError('invalid', `${field} is '${value}', but the group of the path has ${expected}.`);
}

/** The member as the body of a single import; what its file holds is an object migration like any other. */
function triggerBody(member: GroupMemberInput): TriggerImportBody {
  const { id, type, status } = member.packageInfo;
  if (!member.id) throw new AppError('missing', 'The field id is required.');
  if (!id) throw new AppError('missing', 'The field packageInfo.id is required.');
  if (!type) throw new AppError('missing', 'The field packageInfo.type is required.');
  if (!status) throw new AppError('missing', 'The field packageInfo.status is required.');
  return {
    id: member.id,
    packageInfo: { ...member.packageInfo, id, type, status, purpose: 'object_migration' },
    ...(member.importInfo ? { importInfo: { ...member.importInfo } } : {}),
  };
}

function requireDistinct(members: readonly MemberImport[]): void {
  const first = new Map<string, number>();
  for (const [index, { request }] of members.entries()) {
    const { packageId } = request.key;
    const earlier = first.get(packageId);
    if (earlier !== undefined) {
      throw new AppError('invalid', `migrations[${index}].id names the package of migrations[${earlier}] once more.`);
    }
    first.set(packageId, index);
  }
}

/** A package of a project whose source is not said is taken to have one of its own. */
function sourceOf({ type, sourceProject }: ImportRequest): string | null {
  return type === 'configuration' ? null : (sourceProject.id ?? null);
}

/** The purposes of the target follow from its order, as those of the source did. */
function withPurposes(members: readonly MemberImport[]): MemberImport[] {
  return members.map((member, position) => ({
    ...member,
    request: { ...member.request, purpose: purposeAt(position) },
  }));
}
