import { WELL_KNOWN, type JsonObject } from '@longshore/domain';

/** Principals that every environment has under the same ids (spec/api.md 1.10). */
export const PRINCIPAL = {
  administrator: WELL_KNOWN.administrator,
  everyone: WELL_KNOWN.everyone,
  publicGuest: WELL_KNOWN.guest,
  systemAdministrators: WELL_KNOWN.systemAdministrators,
  systemMonitors: WELL_KNOWN.systemMonitors,
  developers: 'C1E1419F11D603A2100086B3A5E8F8A4',
  /** The account of anonymous sessions; disabled until an administrator enables it. */
  guest: 'F3A5C0D2418E6B97A1D40C8E52B7196D',
} as const;

/** Without these the environment cannot be administered; they can be changed, but not deleted. */
export const UNDELETABLE: ReadonlySet<string> = new Set([
  PRINCIPAL.administrator,
  PRINCIPAL.everyone,
  PRINCIPAL.publicGuest,
  PRINCIPAL.systemAdministrators,
  PRINCIPAL.guest,
]);

export const TYPE = { principal: 34, securityRole: 44 } as const;
export const SUBTYPE = { user: 8704, userGroup: 8705, securityRole: 11264 } as const;

/** A principal or role that is created at first start. */
export interface WellKnownObject {
  readonly id: string;
  readonly subtype: (typeof SUBTYPE)[keyof typeof SUBTYPE];
  readonly name: string;
  readonly description: string;
  readonly definition: JsonObject;
}

const user = (id: string, name: string, description: string, definition: JsonObject): WellKnownObject => ({
  id,
  subtype: SUBTYPE.user,
  name,
  description,
  definition: { username: name, fullName: name, privileges: [], securityRoles: [], ...definition },
});

const group = (id: string, name: string, description: string, privileges: readonly number[]): WellKnownObject => ({
  id,
  subtype: SUBTYPE.userGroup,
  name,
  description,
  definition: { memberships: [], privileges: privileges.map(String), securityRoles: [] },
});

const role = (id: string, name: string, description: string, privileges: readonly number[]): WellKnownObject => ({
  id,
  subtype: SUBTYPE.securityRole,
  name,
  description,
  definition: { privileges: privileges.map(String) },
});

const CONSUMER_PRIVILEGES = [18, 22, 30, 38, 44];
const AUTHOR_PRIVILEGES = [...CONSUMER_PRIVILEGES, 1, 8, 9, 11, 15, 21, 24, 26, 28, 41, 90, 132, 207, 233, 234];
const ARCHITECT_PRIVILEGES = [...AUTHOR_PRIVILEGES, 3, 5, 12, 13, 31, 61, 89, 97, 103, 156];
const PACKAGE_PRIVILEGES = [16, 295, 296];

export const WELL_KNOWN_OBJECTS: readonly WellKnownObject[] = [
  user(PRINCIPAL.administrator, 'Administrator', 'The built-in administrator of this environment.', {
    enabled: true,
    memberships: [PRINCIPAL.systemAdministrators],
  }),
  user(PRINCIPAL.guest, 'Guest', 'The account of anonymous sessions.', {
    enabled: false,
    memberships: [PRINCIPAL.publicGuest],
  }),
  group(PRINCIPAL.everyone, 'Everyone', 'Holds every user of this environment.', []),
  group(PRINCIPAL.publicGuest, 'Public / Guest', 'Users who are not named.', []),
  group(PRINCIPAL.systemAdministrators, 'System Administrators', 'Its members hold every privilege.', []),
  group(
    PRINCIPAL.systemMonitors,
    'System Monitors',
    'Its members watch over the server.',
    [51, 52, 53, 54, 55, 56, 59, 121],
  ),
  group(PRINCIPAL.developers, 'Developers', 'Its members build the objects of projects.', ARCHITECT_PRIVILEGES),
  role('CCC8F238462EC1D212607BA3D20894FB', 'Analyst', 'Runs and builds reports and dashboards.', AUTHOR_PRIVILEGES),
  role(
    'C68F245F416EAEEB200F14A70765AFB6',
    'Analytics Architect',
    'Models the schema of a project.',
    ARCHITECT_PRIVILEGES,
  ),
  role('7D24E8B05C1F4A3396B1E0F84C2D5A70', 'Consumer', 'Runs reports and dashboards.', CONSUMER_PRIVILEGES),
  role(
    '2B9F61D84E0A47C5B3D8A97160F4C21E',
    'Package Administrator',
    'Moves packages of objects into and out of a project.',
    PACKAGE_PRIVILEGES,
  ),
];
