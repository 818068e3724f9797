import { describe, expect, it } from 'vitest';
import { PACKAGE_TYPES } from '../rules/actions.ts';
import type { PackageType } from '../rules/actions.ts';
import { WELL_KNOWN, isObjectId } from './ids.ts';
import { findPredefinedFolder, PREDEFINED_FOLDERS, predefinedFolderObject } from './predefined-folders.ts';
import {
  defaultSubtype,
  findObjectType,
  isKnownSubtype,
  isPackable,
  isSchemaType,
  isSystemObject,
  isUser,
  levelOf,
  OBJECT_TYPES,
  typeOfNumber,
} from './types.ts';

const anyId = '0'.repeat(32);

describe('the type table', () => {
  it('lists every type once, by number, with at least one subtype', () => {
    const numbers = OBJECT_TYPES.map((type) => type.number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers).toHaveLength(79);
    for (const type of OBJECT_TYPES) expect(type.subtypes.length, type.name).toBeGreaterThan(0);
  });

  it('gives every subtype to the type that its number says', () => {
    for (const type of OBJECT_TYPES) {
      for (const subtype of type.subtypes) expect(typeOfNumber(subtype.number), subtype.name).toBe(type.number);
    }
  });

  it('uses every API name for one type only, and every subtype number once', () => {
    const apiNames = OBJECT_TYPES.map((type) => type.apiName);
    expect(new Set(apiNames).size).toBe(apiNames.length);
    const subtypes = OBJECT_TYPES.flatMap((type) => type.subtypes);
    expect(new Set(subtypes.map((subtype) => subtype.number)).size).toBe(subtypes.length);
    const owners = new Map<string, number>();
    for (const type of OBJECT_TYPES) {
      for (const { apiName } of [type, ...type.subtypes]) {
        expect(owners.get(apiName) ?? type.number, apiName).toBe(type.number);
        owners.set(apiName, type.number);
      }
    }
  });

  it.each([
    [3, 768],
    [4, 1024],
    [8, 2048],
    [12, 3072],
    [14, 3585],
    [34, 8704],
    [43, 11009],
    [55, 14080],
    [77, 19712],
    [200, 51200],
  ])('knows the default subtype of type %i', (type, subtype) => {
    expect(defaultSubtype(type)).toBe(subtype);
  });

  it.each([
    [12, 12],
    [3072, 12],
    [8705, 34],
    [14081, 55],
    [6912, 28],
    [17920, 71],
    [25600, 100],
    [65281, 255],
  ])('reads %i, given as a type, as type %i', (number, type) => {
    expect(typeOfNumber(number)).toBe(type);
  });

  it('knows subtypes of their own type only', () => {
    expect(isKnownSubtype(3, 776)).toBe(true);
    expect(isKnownSubtype(4, 776)).toBe(false);
    expect(isKnownSubtype(200, 51200)).toBe(false);
    expect(findObjectType(3072)).toBeUndefined();
  });

  it('tells schema, project and configuration objects apart', () => {
    expect([11, 12, 13, 14, 15, 26, 43, 53].every(isSchemaType)).toBe(true);
    expect([1, 3, 4, 8, 34, 55, 200].some(isSchemaType)).toBe(false);
    expect([3, 8, 12, 53].map(levelOf)).toEqual(Array.from({ length: 4 }, () => 'project_object'));
    expect([29, 34, 44, 77].map(levelOf)).toEqual(Array.from({ length: 4 }, () => 'configuration_object'));
  });

  it('tells users from groups', () => {
    expect(isUser({ type: 34, subtype: 8704 })).toBe(true);
    expect(isUser({ type: 34, subtype: 8705 })).toBe(false);
  });
});

const packagesOf = (type: number, subtype: number): PackageType[] =>
  PACKAGE_TYPES.filter((packageType) => isPackable(type, subtype, packageType));

describe('isPackable', () => {
  it.each([
    ['attribute', 12, 3072, ['project']],
    ['custom group', 1, 257, ['project']],
    ['system subtotal', 4, 1026, ['project']],
    ['cube', 3, 776, ['project']],
    ['folder', 8, 2048, ['project']],
    ['user hierarchy', 14, 3585, ['project']],
    ['system hierarchy', 14, 3584, []],
    ['physical table', 53, 13568, ['project']],
    ['security filter', 58, 14848, ['project']],
    ['user', 34, 8704, ['configuration', 'project_security']],
    ['user group', 34, 8705, ['configuration', 'project_security']],
    ['data source', 29, 7424, ['configuration']],
    ['security role', 44, 11264, ['configuration']],
    ['own palette', 71, 17921, ['configuration']],
    ['system palette', 71, 17920, []],
    ['system calendar', 81, 20736, []],
    ['content group', 77, 19712, ['project', 'configuration']],
    ['attribute form', 21, 5376, []],
    ['project', 32, 8192, []],
    ['unknown type', 200, 51200, []],
  ])('%s', (_, type, subtype, expected) => {
    expect(packagesOf(type, subtype)).toEqual(expected);
  });

  it('puts no type into both levels, content groups apart', () => {
    for (const type of OBJECT_TYPES.filter((type) => type.number !== 77)) {
      const both = type.packable.includes('project') && type.packable.includes('configuration');
      expect(both, type.name).toBe(false);
    }
  });
});

describe('isSystemObject', () => {
  it.each([
    [4, 1026],
    [14, 3584],
    [71, 17920],
    [79, 20224],
    [81, 20736],
  ])('takes every object of type %i and subtype %i for one', (type, subtype) => {
    expect(isSystemObject({ id: anyId, type, subtype })).toBe(true);
  });

  it('takes well-known principals and predefined folders for system objects, and nothing else', () => {
    expect(isSystemObject({ id: WELL_KNOWN.administrator, type: 34, subtype: 8704 })).toBe(true);
    expect(isSystemObject({ id: WELL_KNOWN.everyone, type: 34, subtype: 8705 })).toBe(true);
    expect(isSystemObject({ id: WELL_KNOWN.publicObjects, type: 8, subtype: 2048 })).toBe(true);
    expect(isSystemObject({ id: WELL_KNOWN.publicObjects, type: 4, subtype: 1024 })).toBe(false);
    expect(isSystemObject({ id: anyId, type: 34, subtype: 8704 })).toBe(false);
    expect(isSystemObject({ id: anyId, type: 8, subtype: 2048 })).toBe(false);
  });
});

describe('predefined folders', () => {
  const DOCUMENTED = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 19, 20, 24, 26, 29, 31, 35, 38, 39, 73, 74, 77, 78, 79, 80, 84, 88, 89, 94,
  ];

  it.each(DOCUMENTED)('has the documented folder type %i', (number) => {
    expect(findPredefinedFolder(number)?.number).toBe(number);
  });

  it('has the ids that are known', () => {
    expect(findPredefinedFolder(39)?.id).toBe(WELL_KNOWN.projectRoot);
    expect(findPredefinedFolder(1)?.id).toBe(WELL_KNOWN.publicObjects);
    expect(findPredefinedFolder(7)?.id).toBe(WELL_KNOWN.sharedReports);
    expect(findPredefinedFolder(77)?.id).toBe('73F7482211D3596C60001B8F67019608');
  });

  it('has one valid id per folder, and parents of the same level before their children', () => {
    const seen = new Map<number, string>();
    const ids = new Set<string>();
    for (const folder of PREDEFINED_FOLDERS) {
      expect(isObjectId(folder.id), folder.name).toBe(true);
      if (folder.parent !== null) expect(seen.get(folder.parent), folder.name).toBe(folder.level);
      seen.set(folder.number, folder.level);
      ids.add(folder.id);
    }
    expect(ids.size).toBe(PREDEFINED_FOLDERS.length);
    expect(seen.size).toBe(PREDEFINED_FOLDERS.length);
  });

  it('never gives two folders of one level and parent the same name', () => {
    const places = PREDEFINED_FOLDERS.map(({ level, parent, name }) => `${level} ${parent} ${name}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('names the root after the project, and makes all else equal everywhere', () => {
    const [root, publicObjects] = [findPredefinedFolder(39), findPredefinedFolder(1)];
    if (root === undefined || publicObjects === undefined) throw new Error('folders are missing');
    const project = 'A'.repeat(32);
    expect(predefinedFolderObject(root, project, 'Tutorial')).toMatchObject({ name: 'Tutorial', parentId: null });
    const object = predefinedFolderObject(publicObjects, project, 'Tutorial');
    expect(object).toEqual(predefinedFolderObject(publicObjects, project, 'Other'));
    expect(object).toMatchObject({ projectId: project, parentId: WELL_KNOWN.projectRoot, type: 8, subtype: 2048 });
    expect(isObjectId(object.version)).toBe(true);
  });
});
