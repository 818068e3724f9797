import type { MigrationGroup, MigrationGroupList } from '@longshore/contracts';
import { OTHER_PROJECT, TUTORIAL, type Answer, type Call, type TestEnvironment } from './migration-environment.ts';
import { YEAR, type Part } from './migration-walk.ts';

/** What the answers of the group endpoints may hold; which of it is there, the test says. */
export interface GroupBody extends MigrationGroup, Omit<MigrationGroupList, 'data'> {
  readonly data: readonly MigrationGroup[];
  readonly code: string;
  readonly message: string;
}

const settings = {
  aclOnReplacingObjects: 'replace',
  aclOnNewObjects: ['keep_acl_as_source_object'],
  defaultAction: 'replace',
};

export const CONFIGURATION = {
  packageInfo: {
    type: 'configuration',
    tocView: { settings, content: [{ id: 'C1E1419F11D603A2100086B3A5E8F8A4', name: 'Developers', type: 34 }] },
  },
  importInfo: {},
};

/** A member of a create body: a package of a project that goes into the project of the same id. */
export function aMember(project: string, packageInfo: Part = {}, importInfo?: Part) {
  return {
    packageInfo: {
      type: 'project',
      project: { id: project },
      tocView: { settings, content: [{ id: YEAR, name: 'Year', type: 12, includeDependents: true }] },
      ...packageInfo,
    },
    importInfo: importInfo ?? { project: { id: project, name: 'A project' } },
  };
}

/** Configuration, Tutorial, Human Resources: in the order in which they are worked on. */
export const MEMBERS = [CONFIGURATION, aMember(TUTORIAL), aMember(OTHER_PROJECT)];

export function groupBody(target: string, changes: Part = {}) {
  return {
    name: 'G1',
    sourceEnvironment: { id: 'https://source/MicroStrategyLibrary/', name: 'source' },
    targetEnvironment: { id: target, name: 'target' },
    treeView: {},
    migrations: MEMBERS as readonly unknown[],
    version: '2',
    ...changes,
  };
}

export async function call(
  environment: TestEnvironment,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: Call = {},
): Promise<{ status: number; body: GroupBody }> {
  const answer: Answer = await environment.call(method, `/migrationGroups${path}`, options);
  return { status: answer.status, body: answer.body as unknown as GroupBody };
}

/** The body of an answer that must have this status. */
export async function expecting(
  answer: Promise<{ status: number; body: GroupBody }>,
  status: number,
): Promise<GroupBody> {
  const { status: actual, body } = await answer;
  if (actual !== status) throw new Error(`Expected ${status}, got ${actual}: ${JSON.stringify(body)}`);
  return body;
}

export const patch = (environment: TestEnvironment, id: string, body: Part, options: Call = {}) =>
  call(environment, 'PATCH', `/${id}`, { ...options, body });

export const readGroup = (environment: TestEnvironment, id: string, query = '') =>
  expecting(call(environment, 'GET', `/${id}${query}`), 200);

/** A group whose members are all built; its id. */
export async function createdGroup(source: TestEnvironment, target: string, changes: Part = {}): Promise<string> {
  const body = groupBody(target, changes);
  const { id } = await expecting(call(source, 'POST', '', { body }), 201);
  for (const _ of body.migrations) await source.runner.finishCreation();
  return id;
}

/** Created, requested and approved; the body for the PUT on the target. */
export async function approvedGroup(source: TestEnvironment, target: string, changes: Part = {}): Promise<GroupBody> {
  const id = await createdGroup(source, target, changes);
  await expecting(patch(source, id, { importRequestStatus: 'requested' }), 200);
  await expecting(patch(source, id, { importRequestStatus: 'approved' }), 200);
  return asReplica(await readGroup(source, id, '?showContent=all'));
}

/** The group as a client sends it to the target. */
export function asReplica(body: GroupBody): GroupBody {
  const migrations = body.migrations.map((member) => ({
    ...member,
    packageInfo: { ...member.packageInfo, replicated: true },
  }));
  return { ...body, migrations };
}

export const put = (environment: TestEnvironment, body: { readonly id: string }, query = '', options: Call = {}) =>
  call(environment, 'PUT', `/${body.id}${query}`, { ...options, body });

/** Imported whole; its id. */
export async function importedGroup(source: TestEnvironment, target: TestEnvironment, changes: Part = {}) {
  const body = await approvedGroup(source, target.id, changes);
  await expecting(put(target, body), 201);
  for (const _ of body.migrations) await target.runner.finishImport();
  return body;
}

/** Package statuses, in the order of the body. */
export const packagesOf = (body: GroupBody): string[] => body.migrations.map((member) => member.packageInfo.status);
export const importsOf = (body: GroupBody): string[] => body.migrations.map((member) => member.importInfo.status);
