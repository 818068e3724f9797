import { CONFIGURATION_SCOPE, type MetadataObject } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import { derivedId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { credentialRepository, type Credential } from '../auth/credential.repository.ts';
import { checkNewPassword } from '../auth/credentials.ts';
import { hashPassword, verifyPassword } from '../auth/passwords.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { toObjectRecord } from '../objects/object-rows.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { sessionRepository } from '../sessions/session.repository.ts';
import { principalAcl } from './principal-changes.ts';
import { principalRepository } from './principal.repository.ts';
import { PRINCIPAL, SUBTYPE, TYPE, WELL_KNOWN_OBJECTS, type WellKnownObject } from './well-known.ts';

export interface BootstrapOptions {
  /** Password of the built-in Administrator; null keeps the one there is, if there is one. */
  readonly adminPassword: string | null;
}

/** The same in every environment, so that two new environments are equal to the byte. */
const CREATION_DATE = '2001-01-02T20:48:10.000+0000';

/**
 * Creates the built-in users, groups and roles in an empty environment, and sets the Administrator's password when one
 * is given. Whatever is there already stays: deleted groups do not come back at the next start.
 */
export async function bootstrapPrincipals(platform: Platform, { adminPassword }: BootstrapOptions): Promise<void> {
  await createWellKnownObjects(platform);
  if (adminPassword === null) return;
  const credential = await findAdministratorCredential(platform);
  if (credential && (await verifyPassword(adminPassword, credential.passwordHash))) return;
  await setAdministratorPassword(platform, adminPassword);
}

/**
 * Makes up the Administrator's first password. To be called last of all at a start: were the start to fail after it,
 * the password would be in force without anybody having seen it.
 * @returns the password, to be shown once; null when the Administrator has one already.
 */
export async function generateAdministratorPassword(platform: Platform): Promise<string | null> {
  if (await findAdministratorCredential(platform)) return null;
  const generated = platform.ids.token();
  await setAdministratorPassword(platform, generated);
  return generated;
}

function findAdministratorCredential(platform: Platform): Promise<Credential | undefined> {
  return credentialRepository(platform.metadata.reader).find(PRINCIPAL.administrator);
}

/** Where they are there it only reads, so that a server starts while an import of another process writes. */
async function createWellKnownObjects(platform: Platform): Promise<void> {
  const known = await principalRepository(platform.metadata.reader).load([PRINCIPAL.administrator]);
  if (known.has(PRINCIPAL.administrator)) return;
  await platform.metadata.write(async (tx) => {
    const existing = await principalRepository(tx).load(WELL_KNOWN_OBJECTS.map((object) => object.id));
    if (existing.has(PRINCIPAL.administrator)) return;
    const created = WELL_KNOWN_OBJECTS.filter((object) => !existing.has(object.id)).map(toObject);
    const writer = objectWriter(tx);
    for (const object of created) await writer.put(toObjectRecord(object));
    await writer.bumpRevision(CONFIGURATION_SCOPE);
    await journalWriter(tx).record({
      kind: 'create',
      user: { id: PRINCIPAL.administrator, name: 'Administrator' },
      date: wireDate(platform.clock.now()),
      comment: 'First start of the environment.',
      entries: created.map((object) => ({
        scope: CONFIGURATION_SCOPE,
        objectId: object.id,
        type: object.type,
        name: object.name,
        change: 'create',
        versionBefore: null,
        versionAfter: object.version,
      })),
    });
  });
}

/** Sessions opened with the password of before end. */
async function setAdministratorPassword(platform: Platform, password: string): Promise<void> {
  checkNewPassword(password);
  const passwordHash = await hashPassword(password);
  await platform.metadata.write((tx) =>
    credentialRepository(tx).put(PRINCIPAL.administrator, { passwordHash, mustChange: false }),
  );
  await platform.library.write((tx) => sessionRepository(tx).removeOfUser(PRINCIPAL.administrator, null));
}

function toObject({ id, subtype, name, description, definition }: WellKnownObject): MetadataObject {
  return {
    projectId: null,
    id,
    type: subtype === SUBTYPE.securityRole ? TYPE.securityRole : TYPE.principal,
    subtype,
    name,
    description,
    abbreviation: subtype === SUBTYPE.securityRole ? '' : name,
    parentId: null,
    ownerId: PRINCIPAL.administrator,
    version: derivedId(`longshore well-known object ${id}`),
    dateCreated: CREATION_DATE,
    dateModified: CREATION_DATE,
    hidden: false,
    acl: principalAcl(PRINCIPAL.administrator),
    definition,
    uses: [],
    translations: {},
  };
}
