import {
  AppError,
  type CreateSecurityRoleRequest,
  type OperationListRequest,
  type SecurityRoleResponse,
  type SecurityRoleSummary,
} from '@longshore/contracts';
import { privilegeName, type MetadataObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables } from '../../platform/db/metadata-schema.ts';
import { missingPrivilege, type Caller } from '../../platform/http/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { parseOperations, privilegeValues } from './operations.ts';
import { readRights } from './principal-definition.ts';
import { principalChanges, type PrincipalChange } from './principal-changes.ts';
import { getSecurityRole } from './principal-lookup.ts';
import { principalViews, privilegeRefs } from './principal-view.ts';
import { principalRepository, type Page, type PrincipalRepository } from './principal.repository.ts';
import { assignmentChanges, patchRole, projectsOf, withoutRole, type RolePatch } from './role-links.ts';
import { SUBTYPE, TYPE } from './well-known.ts';

/** Security roles: sets of privileges that users and groups hold in single projects. */
export class SecurityRoleService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async list(caller: Caller, page: Page): Promise<{ items: SecurityRoleSummary[]; total: number }> {
    const repository = principalRepository(this.#platform.metadata.reader);
    const { objects, total } = await repository.list(SUBTYPE.securityRole, page);
    return { items: await principalViews(repository, caller).roleSummaries(objects), total };
  }

  /** @throws AppError `notFound` */
  async get(caller: Caller, id: string): Promise<SecurityRoleResponse> {
    return this.#show(caller, await getSecurityRole(principalRepository(this.#platform.metadata.reader), id));
  }

  /** @throws AppError `conflict` for a name that is taken, `missingPrivilege` for a privilege the caller lacks. */
  async create(caller: Caller, request: CreateSecurityRoleRequest): Promise<string> {
    const changes = principalChanges(this.#platform);
    const privileges = privilegeValues({ field: 'privileges', value: request.privileges ?? [] });
    requireHeld(caller, privileges, null);
    const role = changes.create(caller.user, {
      type: TYPE.securityRole,
      subtype: SUBTYPE.securityRole,
      name: request.name,
      abbreviation: '',
      description: request.description ?? '',
      definition: { privileges: [...new Set(privileges)].map(String) },
    });
    await this.#platform.metadata.write(async (tx) => {
      await requireFreeName(principalRepository(tx), role);
      await changes.write(tx, caller.user, [{ after: role }]);
    });
    return role.id;
  }

  /** @throws AppError as `create`, and `notFound`; `invalid` when members and privileges are changed in one request. */
  async update(caller: Caller, id: string, request: OperationListRequest): Promise<SecurityRoleResponse> {
    const operations = parseOperations(request);
    const updated = await this.#platform.metadata.write(async (tx) => {
      const before = await getSecurityRole(principalRepository(tx), id);
      return this.#write(tx, caller, { before, patch: patchRole(before, operations) });
    });
    return this.#show(caller, updated);
  }

  /** Deletes a role and takes it from everybody who has it. @throws AppError `notFound` */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.#platform.metadata.write(async (tx) => {
      const repository = principalRepository(tx);
      const role = await getSecurityRole(repository, id);
      requireHeld(caller, readRights(role.definition).privileges, null);
      const changes = principalChanges(this.#platform);
      const holders = await repository.listRoleHolders(role.id);
      const losing = holders.map((holder) => withoutRole(changes, holder, role.id));
      await changes.write(tx, caller.user, [{ before: role }, ...losing]);
    });
  }

  async #write(
    tx: Executor<MetadataTables>,
    caller: Caller,
    { before, patch }: { before: MetadataObject; patch: RolePatch },
  ): Promise<MetadataObject> {
    const repository = principalRepository(tx);
    const changes = principalChanges(this.#platform);
    const { name, description, privileges } = patch;
    const held = readRights(before.definition).privileges;
    requireHeld(
      caller,
      privileges.filter((privilege) => !held.includes(privilege)),
      null,
    );
    const definition = { ...before.definition, privileges: privileges.map(String) };
    const after = patch.changesRole ? changes.revise(before, { name, description, definition }) : before;
    await requireFreeName(repository, after);
    const written: PrincipalChange[] = patch.changesRole ? [{ before, after }] : [];
    await changes.write(tx, caller.user, written);
    for (const assignment of patch.assignments) {
      requireHeld(caller, privileges, assignment.projectId);
      await changes.write(tx, caller.user, await assignmentChanges(repository, changes, { role: after, assignment }));
    }
    return after;
  }

  async #show(caller: Caller, role: MetadataObject): Promise<SecurityRoleResponse> {
    const repository = principalRepository(this.#platform.metadata.reader);
    return {
      ...(await principalViews(repository, caller).details(role)),
      privileges: privilegeRefs(role),
      projects: await projectsOf(repository, role.id),
    };
  }
}

export function createSecurityRoleService(platform: Platform): SecurityRoleService {
  return new SecurityRoleService(platform);
}

/** Nobody gives away a privilege that they do not hold where it is to hold. */
function requireHeld(caller: Caller, privileges: readonly number[], projectId: string | null): void {
  const lacking = privileges.find((privilege) => !caller.hasPrivilege(privilege, projectId));
  if (lacking !== undefined) throw missingPrivilege(privilegeName(lacking));
}

async function requireFreeName(repository: PrincipalRepository, role: MetadataObject): Promise<void> {
  const taken = await repository.findByName(SUBTYPE.securityRole, role.name, role.id);
  if (!taken) return;
  throw new AppError(
    'conflict',
    `The security role ${taken.name} (${taken.id}) already has this name. Choose another.`,
  );
}
