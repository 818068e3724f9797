import type {
  CreateGroupBody,
  MigrationGroup,
  MigrationGroupList,
  ShortGroup,
  ShowContent,
  UpdateGroupBody,
} from '@longshore/contracts';
import type { Certification } from './records.ts';
import type { Transport } from './transport.ts';

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Several packages that are made, approved, imported and undone together (spec/api.md 2.8). */
export interface MigrationGroupsApi {
  list(options?: CallOptions & { readonly offset?: number; readonly limit?: number }): Promise<MigrationGroupList>;
  get(id: string, options?: CallOptions & { readonly show?: ShowContent }): Promise<MigrationGroup>;
  create(body: CreateGroupBody, options?: CallOptions): Promise<ShortGroup>;
  patch(id: string, body: UpdateGroupBody, options?: CallOptions): Promise<ShortGroup>;
  /** Gives a group other packages, which are built anew; a member of the same type and project keeps its ids. */
  edit(id: string, body: CreateGroupBody, options?: CallOptions): Promise<ShortGroup>;
  /** Imports all members on the target. `group` is what the source gave with `show: 'all'`. */
  import(group: MigrationGroup, options?: CallOptions): Promise<ShortGroup>;
  certify(id: string, certification: Certification, options?: CallOptions): Promise<void>;
  /** Deletes the group, its members and undo packages on this side only. */
  delete(packageGroupId: string, options?: CallOptions): Promise<void>;
}

const GROUPS = '/migrationGroups';

export function createMigrationGroupsApi(transport: Transport): MigrationGroupsApi {
  return {
    list: ({ offset, limit, signal } = {}) =>
      transport.json({ method: 'GET', path: GROUPS, query: { offset, limit }, signal }),
    get: (id, { show, signal } = {}) =>
      transport.json({ method: 'GET', path: groupPath(id), query: { showContent: show }, signal }),
    create: (json, { signal } = {}) => transport.json({ method: 'POST', path: GROUPS, json, signal, kind: 'long' }),
    patch: (id, json, { signal } = {}) => transport.json({ method: 'PATCH', path: groupPath(id), json, signal }),
    edit: (id, json, { signal } = {}) =>
      transport.json({ method: 'PUT', path: groupPath(id), json, signal, kind: 'long' }),
    import: (group, { signal } = {}) =>
      transport.json({
        method: 'PUT',
        path: groupPath(group.id),
        json: { ...group, migrations: group.migrations.map(asReplica) },
        signal,
        kind: 'long',
      }),
    certify: (id, certification, { signal } = {}) =>
      transport.done({
        method: 'PATCH',
        path: `${groupPath(id)}/certification`,
        json: { certification },
        signal,
      }),
    delete: (packageGroupId, { signal } = {}) =>
      transport.done({ method: 'DELETE', path: GROUPS, query: { packageGroupId }, signal }),
  };
}

type Member = MigrationGroup['migrations'][number];

const asReplica = (member: Member): Member => ({
  ...member,
  packageInfo: { ...member.packageInfo, replicated: true },
});

const groupPath = (id: string): string => `${GROUPS}/${id.split(':').map(encodeURIComponent).join(':')}`;
