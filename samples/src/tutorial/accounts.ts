import { WELL_KNOWN } from '@longshore/domain';
import type { JsonObject } from '@longshore/domain';
import { idOf, inState, TUTORIAL_PROJECT_ID } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';
import { stableId } from './stable-values.ts';

/** Privileges that migrations ask for (spec/semantics.md 8). */
const CREATE_PACKAGE = '295';
const APPLY_PACKAGE = '296';
const BYPASS_OBJECT_SECURITY = '16';
const MIGRATION_ADMINISTRATION = [BYPASS_OBJECT_SECURITY, CREATE_PACKAGE, APPLY_PACKAGE];

interface RoleRow extends RowBase {
  readonly privileges: readonly string[];
}

const SECURITY_ROLES: readonly Stated<RoleRow>[] = [
  { name: 'Report Consumer', privileges: [] },
  { name: 'Application Developer', privileges: ['1'] },
  { name: 'Schema Architect', privileges: ['1', '3'] },
  { name: 'Package Author', privileges: [CREATE_PACKAGE] },
  {
    name: 'Release Manager',
    privileges: MIGRATION_ADMINISTRATION,
    dateModified: '2022-08-01T08:00:00.000+0000',
    prod: { editedAt: '2021-09-01T08:00:00.000+0000', privileges: [CREATE_PACKAGE, APPLY_PACKAGE] },
  },
  { name: 'Security Filter Author', privileges: ['103', '156'] },
];

interface GroupRow extends RowBase {
  readonly memberOf?: readonly string[];
  readonly privileges?: readonly string[];
  readonly roles?: readonly string[];
}

const GROUPS: readonly Stated<GroupRow>[] = [
  { name: 'Developers', privileges: ['1', '3', '61', '103', '156'], roles: ['Application Developer'] },
  { name: 'Developer', memberOf: ['Developers'] },
  { name: 'Web Users', roles: ['Report Consumer'] },
  { name: 'Architects', privileges: [CREATE_PACKAGE], roles: ['Package Author'] },
  { name: 'Migration Administrators', privileges: MIGRATION_ADMINISTRATION },
  { name: 'Release Managers', roles: ['Release Manager'], description: 'May migrate into the Tutorial project only' },
  { name: 'Business Analysts', memberOf: ['Web Users'], roles: ['Report Consumer'] },
  { name: 'Finance Analysts', memberOf: ['Business Analysts'] },
  { name: 'Human Resources', memberOf: ['Business Analysts'] },
  { name: 'Regional Managers', memberOf: ['Web Users'] },
  { name: 'Security Officers', roles: ['Security Filter Author'] },
  { name: 'External Partners', description: 'Guests from other companies' },
  { name: 'Sustainability Office', memberOf: ['Business Analysts'], only: 'dev' },
];

interface Contact {
  readonly name: string;
  readonly device: string;
  readonly address: string;
}

/** The name of a user object is the full name; the login stands in the abbreviation, too (spec/api.md 2.13). */
interface UserRow extends RowBase {
  readonly username: string;
  readonly groups: readonly string[];
  readonly privileges?: readonly string[];
  readonly roles?: readonly string[];
  readonly enabled?: boolean;
  readonly contacts?: readonly Contact[];
}

const mail = (name: string, address: string): Contact => ({ name, device: 'Generic email', address });

const USERS: readonly Stated<UserRow>[] = [
  {
    name: 'Tutorial Architect',
    username: 'architect',
    groups: ['Architects'],
    privileges: [CREATE_PACKAGE],
    contacts: [mail('Office', 'architect@example.com')],
  },
  {
    name: 'Tutorial Promoter',
    username: 'promoter',
    groups: ['Migration Administrators'],
    privileges: MIGRATION_ADMINISTRATION,
    contacts: [mail('Office', 'promoter@example.com')],
  },
  { name: 'Deputy Promoter', username: 'deputy', groups: ['Migration Administrators'] },
  { name: 'Tutorial Release Manager', username: 'release', groups: ['Release Managers'] },
  {
    name: 'Sales Analyst',
    username: 'analyst',
    groups: ['Business Analysts'],
    contacts: [
      mail('Office', 'analyst@example.com'),
      { name: 'Archive', device: 'Network folder', address: '/reports/analyst' },
    ],
    prod: { contacts: [mail('Office', 'sales.analyst@example.com')] },
  },
  { name: 'Finance Analyst', username: 'finance', groups: ['Finance Analysts'] },
  { name: 'Personnel Officer', username: 'personnel', groups: ['Human Resources'], roles: ['Report Consumer'] },
  {
    name: 'Regional Manager',
    username: 'regional',
    groups: ['Regional Managers'],
    dateModified: '2019-02-18T07:00:00.000+0000',
    prod: { editedAt: '2022-05-30T07:00:00.000+0000', groups: ['Regional Managers', 'Finance Analysts'] },
  },
  { name: 'Security Officer', username: 'security', groups: ['Security Officers'] },
  { name: 'Partner Account', username: 'partner', groups: ['External Partners'], enabled: false },
  { name: 'Sustainability Officer', username: 'sustainability', groups: ['Sustainability Office'], only: 'dev' },
  { name: 'Production Operations', username: 'operations', groups: ['Migration Administrators'], only: 'prod' },
];

const rolesOf = (names: readonly string[] | undefined): JsonObject[] =>
  (names ?? []).map((name) => ({ projectId: TUTORIAL_PROJECT_ID, roleId: idOf('securityRole', name) }));

const membershipsOf = (groups: readonly string[] | undefined): string[] => [
  WELL_KNOWN.everyone,
  ...(groups ?? []).map((name) => idOf('userGroup', name)),
];

/** The Distribution Services part of a user: compared on its own (spec/semantics.md 2.1, DS). */
function addressesOf(row: UserRow): JsonObject[] {
  return (row.contacts ?? []).map((contact, index) => ({
    id: stableId(`address/${row.username}/${contact.name}`),
    name: contact.name,
    physicalAddress: contact.address,
    deliveryType: contact.device === 'Generic email' ? 'email' : 'file',
    deviceId: idOf('device', contact.device),
    deviceName: contact.device,
    isDefault: index === 0,
  }));
}

/** Security roles, user groups and users. Administrator, Everyone and System Administrators come with every server. */
export function addAccounts(draft: ProjectDraft): void {
  for (const row of inState(SECURITY_ROLES, draft.state)) {
    draft.add('securityRole', row, { definition: { privileges: [...row.privileges] } });
  }
  for (const row of inState(GROUPS, draft.state)) {
    const definition = {
      memberships: membershipsOf(row.memberOf),
      privileges: [...(row.privileges ?? [])],
      securityRoles: rolesOf(row.roles),
    };
    draft.add('userGroup', row, { definition });
  }
  for (const row of inState(USERS, draft.state)) {
    const addresses = addressesOf(row);
    const definition: JsonObject = {
      username: row.username,
      fullName: row.name,
      enabled: row.enabled ?? true,
      memberships: membershipsOf(row.groups),
      privileges: [...(row.privileges ?? [])],
      securityRoles: rolesOf(row.roles),
      ...(addresses.length === 0 ? {} : { addresses }),
    };
    draft.add('user', { ...row, abbreviation: row.username }, { definition });
  }
}
