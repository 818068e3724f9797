import type {
  AssignedFilterList,
  AssignedRoleList,
  PRIVILEGE_LEVELS,
  PrincipalPrivileges,
  PrincipalRef,
  PrincipalSummary,
} from '@longshore/contracts';
import {
  findPrivilege,
  linkTargetsOf,
  parseObjectId,
  PRIVILEGE,
  projectLinksOf,
  type MetadataObject,
} from '@longshore/domain';
import { missingPrivilege, type Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { loadGrants, type PrivilegeSource } from './grants.ts';
import { readRights, visibleMemberships } from './principal-definition.ts';
import { getUser, getUserGroup } from './principal-lookup.ts';
import { principalViews } from './principal-view.ts';
import { principalRepository, type Page, type PrincipalFilter, type PrincipalPage } from './principal.repository.ts';
import { PRINCIPAL, SUBTYPE } from './well-known.ts';

export interface SummaryPage {
  readonly items: PrincipalSummary[];
  /** Number of all that match, before paging. */
  readonly total: number;
}

export interface PrivilegeFilter {
  readonly level: (typeof PRIVILEGE_LEVELS)[number] | undefined;
  readonly projectId: string | undefined;
}

/** Which of the two kinds of principals a request is about. */
export type PrincipalKind = 'user' | 'userGroup';

/** Lists of users and groups, and what links them with each other. Reads only. */
export class PrincipalService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async list(caller: Caller, kind: PrincipalKind, filter: PrincipalFilter): Promise<SummaryPage> {
    const ids = filter.ids?.map((id) => parseObjectId(id) ?? id);
    return this.#summaries(caller, await this.#repository().list(SUBTYPE[kind], { ...filter, ids }));
  }

  async listTopLevelGroups(caller: Caller, page: Page): Promise<SummaryPage> {
    return this.#summaries(caller, await this.#repository().listTopLevelGroups(page));
  }

  /** Direct members of a group, users and groups; of Everyone, every user. @throws AppError `notFound` */
  async listMembers(caller: Caller, groupId: string, page: Page): Promise<SummaryPage> {
    const repository = this.#repository();
    const group = await getUserGroup(repository, groupId);
    const members =
      group.id === PRINCIPAL.everyone
        ? await repository.list(SUBTYPE.user, page)
        : await repository.listMembers(group.id, page);
    return this.#summaries(caller, members);
  }

  /** The groups that a user or group is directly in. @throws AppError `notFound` */
  async listMemberships(caller: Caller, kind: PrincipalKind, id: string): Promise<PrincipalSummary[]> {
    const repository = this.#repository();
    const groupIds = visibleMemberships(await this.#get(kind, id));
    const groups = await repository.load(groupIds);
    const found = groupIds.flatMap((groupId) => groups.get(groupId) ?? []);
    return principalViews(repository, caller).summaries(found);
  }

  /** The security roles that a user or group has been given itself, by project. @throws AppError `notFound` */
  async listSecurityRoles(kind: PrincipalKind, id: string, projectId: string | undefined): Promise<AssignedRoleList> {
    const repository = this.#repository();
    const { securityRoles } = readRights((await this.#get(kind, id)).definition);
    const roles = await repository.loadNames(securityRoles.map((given) => given.roleId));
    const wanted = projectId === undefined ? undefined : (parseObjectId(projectId) ?? projectId);
    const projects = (await repository.listProjects()).filter(({ id }) => wanted === undefined || wanted === id);
    return projects.flatMap((project) => {
      const given = securityRoles.filter((assignment) => assignment.projectId === project.id);
      const named = given.flatMap(({ roleId }) => toRef(roleId, roles.get(roleId)?.name));
      return named.length > 0 ? [{ ...project, securityRoles: named }] : [];
    });
  }

  /**
   * The security filters that a user or group has been given itself, by project. Others than the user itself need the
   * user manager privilege. @throws AppError `notFound`, `missingPrivilege`
   */
  async listSecurityFilters(
    caller: Caller,
    principal: { kind: PrincipalKind; id: string },
    projectIds: readonly string[] | undefined,
  ): Promise<AssignedFilterList> {
    const repository = this.#repository();
    const object = await this.#get(principal.kind, principal.id);
    requireSelfOrManager(caller, object.id);
    const wanted = projectIds?.map((id) => parseObjectId(id) ?? id);
    const projects: AssignedFilterList['projects'] = [];
    for (const project of await repository.listProjects()) {
      if (wanted !== undefined && !wanted.includes(project.id)) continue;
      const { securityFilters = [] } = projectLinksOf(object.definition, project.id);
      const ids = linkTargetsOf({ securityFilters }).map((target) => target.id);
      const names = await repository.loadNames(ids, project.id);
      const named = ids.flatMap((id) => toRef(id, names.get(id)?.name));
      if (named.length > 0) projects.push({ ...project, securityFilters: named });
    }
    return { projects };
  }

  /**
   * The privileges of a user or group and where each comes from. Others than the user itself need the user manager
   * privilege. @throws AppError `notFound`, `missingPrivilege`
   */
  async listPrivileges(
    caller: Caller,
    principal: { kind: PrincipalKind; id: string },
    filter: PrivilegeFilter,
  ): Promise<PrincipalPrivileges> {
    const repository = this.#repository();
    const { id } = await this.#get(principal.kind, principal.id);
    requireSelfOrManager(caller, id);
    const { sources } = await loadGrants((ids) => repository.load(ids), id);
    const projectId =
      filter.projectId === undefined ? undefined : (parseObjectId(filter.projectId) ?? filter.projectId);
    const shown = sources.filter(
      (source) => source.projectId === null || projectId === undefined || source.projectId === projectId,
    );
    const names = await this.#namesOf(shown);
    const numbers = [...new Set(shown.map((source) => source.privilege))].toSorted((a, b) => a - b);
    return {
      privileges: numbers.flatMap((number) => {
        const privilege = describe(number);
        if (filter.level !== undefined && filter.level !== privilege.level) return [];
        const own = shown.filter((source) => source.privilege === number);
        return [{ privilege, sources: own.map((source) => describeSource(source, id, names)) }];
      }),
    };
  }

  #repository() {
    return principalRepository(this.#platform.metadata.reader);
  }

  #get(kind: PrincipalKind, id: string): Promise<MetadataObject> {
    return kind === 'user' ? getUser(this.#repository(), id) : getUserGroup(this.#repository(), id);
  }

  async #summaries(caller: Caller, page: PrincipalPage): Promise<SummaryPage> {
    const items = await principalViews(this.#repository(), caller).summaries(page.objects);
    return { items, total: page.total };
  }

  async #namesOf(sources: readonly PrivilegeSource[]): Promise<ReadonlyMap<string, string>> {
    const ids = sources.flatMap((source) => [source.holderId, ...(source.roleId === null ? [] : [source.roleId])]);
    const named = await this.#repository().loadNames([...new Set(ids)]);
    const projects = await this.#repository().listProjects();
    return new Map([...named.values(), ...projects].map(({ id, name }) => [id, name]));
  }
}

export function createPrincipalService(platform: Platform): PrincipalService {
  return new PrincipalService(platform);
}

function requireSelfOrManager(caller: Caller, principalId: string): void {
  if (principalId === caller.user.id || caller.hasPrivilege(PRIVILEGE.userManager, null)) return;
  throw missingPrivilege('Create and edit users and groups');
}

/** Something that has been deleted since has no name and is left out. */
const toRef = (id: string, name: string | undefined): PrincipalRef[] => (name === undefined ? [] : [{ id, name }]);

function describe(number: number) {
  const privilege = findPrivilege(number);
  return {
    id: String(number),
    name: privilege?.name ?? '',
    description: privilege?.description ?? '',
    level: privilege?.isProjectLevelPrivilege === true ? 'project' : 'server',
  };
}

function describeSource(source: PrivilegeSource, principalId: string, names: ReadonlyMap<string, string>) {
  const ref = (id: string) => ({ id, name: names.get(id) ?? '' });
  return {
    direct: source.holderId === principalId && source.roleId === null,
    ...(source.holderId === principalId ? {} : { group: ref(source.holderId) }),
    ...(source.roleId === null ? {} : { securityRole: ref(source.roleId) }),
    ...(source.projectId === null ? {} : { project: ref(source.projectId) }),
  };
}
