import { readFile } from 'node:fs/promises';
import {
  canonicalJson,
  isKnownSubtype,
  isObjectId,
  isPackable,
  isPredefinedFolder,
  isSystemObject,
  isWireDate,
  referencesOf,
  WELL_KNOWN,
} from '@longshore/domain';
import type { AclEntry, JsonObject, Reference } from '@longshore/domain';
import { describe, expect, it } from 'vitest';
import { buildTutorial, tutorialText } from './build-tutorial.ts';
import { DIFFERENCE_KINDS, differencesBetween } from './differences.ts';
import type { DifferenceKind } from './differences.ts';
import { STATES, TUTORIAL_PROJECT_ID } from './project-draft.ts';
import type { State } from './project-draft.ts';
import { withTables } from './readme-tables.ts';
import { tutorialFile, tutorialReadme } from './tutorial-file.ts';

interface ObjectLine {
  readonly projectId: string | null;
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  readonly name: string;
  readonly description: string;
  readonly abbreviation: string;
  readonly parentId: string;
  readonly ownerId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly acl: readonly AclEntry[];
  readonly definition: JsonObject;
  readonly uses: readonly Reference[];
  readonly translations: JsonObject;
}

async function fileText(state: State): Promise<string> {
  return await readFile(tutorialFile(state), 'utf8');
}

async function loadObjects(state: State): Promise<ObjectLine[]> {
  const lines = (await fileText(state)).split('\n').filter((line) => line !== '');
  return lines.slice(1).map((line): ObjectLine => JSON.parse(line));
}

const PRINCIPALS: ReadonlySet<string> = new Set([WELL_KNOWN.administrator, WELL_KNOWN.everyone]);

/** What a server has before anything is loaded. */
const isGiven = (id: string): boolean => PRINCIPALS.has(id) || isPredefinedFolder(id);

const YEAR = '8D679D5111D3E4981000E787EC6DE8A4';

function closureOf(root: string, objects: readonly ObjectLine[]): Set<string> {
  const byId = new Map(objects.map((object) => [object.id, object]));
  const seen = new Set([root]);
  const pending = [root];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const object = byId.get(id);
    for (const reference of object === undefined ? [] : referencesOf(object)) {
      if (!seen.has(reference.id)) pending.push(reference.id);
      seen.add(reference.id);
    }
  }
  return seen;
}

describe.each(STATES)('the Tutorial file of %s', (state) => {
  it('is what the tables say, byte for byte', async () => {
    expect(await fileText(state)).toBe(tutorialText(state));
  });

  it('starts with its project and has keys sorted on every line', async () => {
    const lines = (await fileText(state)).split('\n').slice(0, -1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'project', id: TUTORIAL_PROJECT_ID });
    for (const line of lines) expect(canonicalJson(JSON.parse(line))).toBe(line);
  });

  it('has valid ids, dates and types, and no id twice', async () => {
    const objects = await loadObjects(state);
    expect(objects.length).toBeGreaterThan(400);
    expect(new Set(objects.map((object) => object.id)).size).toBe(objects.length);
    for (const object of objects) {
      const label = `${object.name} (${object.id})`;
      expect([object.id, object.version, object.ownerId].every(isObjectId), label).toBe(true);
      expect([object.dateCreated, object.dateModified].every(isWireDate), label).toBe(true);
      expect(object.dateCreated <= object.dateModified && object.dateModified < '2024', label).toBe(true);
      expect(isKnownSubtype(object.type, object.subtype), label).toBe(true);
      const packageType = object.projectId === null ? 'configuration' : 'project';
      expect(isPackable(object.type, object.subtype, packageType) || isSystemObject(object), label).toBe(true);
    }
  });

  it('has every reference, owner and trustee in itself, with the type it says', async () => {
    const objects = await loadObjects(state);
    const typeById = new Map(objects.map((object) => [object.id, object.type]));
    for (const object of objects) {
      for (const { id, type } of referencesOf(object)) {
        const label = `${object.name} needs ${id}`;
        expect(isGiven(id) || typeById.has(id), label).toBe(true);
        if (!isGiven(id)) expect(type, label).toBe(typeById.get(id));
      }
      for (const id of [object.ownerId, ...object.acl.map((entry) => entry.trusteeId)]) {
        expect(PRINCIPALS.has(id) || typeById.get(id) === 34, `${object.name} names the principal ${id}`).toBe(true);
      }
    }
  });

  it('has every object in a folder of its own project or of the configuration, parents first', async () => {
    const scopeOfFolder = new Map<string, string | null>();
    for (const object of await loadObjects(state)) {
      const isKnown = scopeOfFolder.get(object.parentId) === object.projectId;
      expect(isKnown || isPredefinedFolder(object.parentId), object.name).toBe(true);
      if (object.type === 8) scopeOfFolder.set(object.id, object.projectId);
    }
  });

  it('has users under their full name, with the login as abbreviation and in the definition', async () => {
    const users = (await loadObjects(state)).filter((object) => object.subtype === 8704);
    expect(users.map((user) => user.abbreviation)).toEqual(
      expect.arrayContaining(['architect', 'promoter', 'analyst']),
    );
    for (const user of users) {
      expect(user.definition).toMatchObject({ username: user.abbreviation, fullName: user.name });
    }
  });

  it('has no two objects of one type under one name in a folder', async () => {
    const places = (await loadObjects(state)).map((object) => `${object.parentId}/${object.type}/${object.name}`);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it('says the same in the information block as in the line', async () => {
    const modeled = (await loadObjects(state)).filter((object) => 'information' in object.definition);
    expect(modeled.length).toBeGreaterThan(400);
    for (const object of modeled) {
      expect(object.definition['information'], object.name).toMatchObject({
        objectId: object.id,
        versionId: object.version,
        name: object.name,
        dateModified: object.dateModified.replace('+0000', 'Z'),
      });
    }
  });
});

/** What makes a version: all but contacts, folder and access. */
const contentOf = ({ name, description, definition, uses, translations }: ObjectLine): string => {
  const { addresses: _contacts, ...rest } = definition;
  return JSON.stringify([name, description, rest, uses, translations]);
};

describe('the two states of the Tutorial', () => {
  it('have one version of an object exactly where the content is one', async () => {
    const prodById = new Map((await loadObjects('prod')).map((object) => [object.id, object]));
    for (const dev of await loadObjects('dev')) {
      const prod = prodById.get(dev.id);
      if (prod === undefined) continue;
      expect(contentOf(dev) === contentOf(prod), `${dev.name} (${dev.id})`).toBe(dev.version === prod.version);
      if (dev.version === prod.version) expect(dev.dateModified).toBe(prod.dateModified);
    }
  });

  it('differ in every way that a migration can meet', () => {
    const kinds = differencesBetween(buildTutorial('dev'), buildTutorial('prod')).map((difference) => difference.kind);
    expect([...new Set(kinds)].toSorted()).toEqual([...DIFFERENCE_KINDS].toSorted());
  });

  it('let one migration of Year with its dependents meet new, identical, older, newer and moved objects', async () => {
    const closure = closureOf(YEAR, await loadObjects('dev'));
    const differences = differencesBetween(buildTutorial('dev'), buildTutorial('prod'));
    const found = differences.filter(({ dev, prod }) => closure.has((dev ?? prod)?.id ?? ''));
    const namesOf = (kind: DifferenceKind): string[] =>
      found.filter((difference) => difference.kind === kind).map(({ dev }) => dev?.name ?? '');
    expect(namesOf('only in dev')).toContain('Half Year');
    expect(namesOf('older in prod')).toEqual(expect.arrayContaining(['Year', 'Month', 'Day', 'LU_DAY']));
    expect(namesOf('newer in prod')).toEqual(expect.arrayContaining(['Quarter', 'MONTH_DESC']));
    expect(namesOf('moved')).toEqual(expect.arrayContaining(['Month of Year', 'LU_MONTH_OF_YEAR']));
    expect(closure.size - found.length).toBeGreaterThan(80);
  });

  it('are described in the README as they are', async () => {
    const readme = await readFile(tutorialReadme(), 'utf8');
    expect(withTables(readme)).toBe(readme);
  });
});
