import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import { scopeOf, WELL_KNOWN, type PackageEntry } from '@longshore/domain';
import { identityKeys } from '../../packages/server/src/features/migrations/import/identity-keys.ts';
import { targetFacts } from '../../packages/server/src/features/migrations/import/target.repository.ts';
import { readPackage, writePackage } from '@longshore/package-file';
import {
  anEnvironmentPair,
  anObject,
  aUser,
  idOf,
  PROJECT,
  type EngineEnvironment,
  type PackageRequest,
} from './environment.ts';
import { after } from './overtaken-connection.ts';

/** What the target has already is staged by its header; what is to be written of it after all is read once more. */

const YEAR = idOf('YEAR');
const TABLE = idOf('TABLE');
const year = (fields = {}) =>
  anObject({ id: YEAR, type: 12, name: 'Year', definition: { needs: [{ objectId: TABLE }] }, ...fields });
const table = (fields = {}) => anObject({ id: TABLE, type: 15, name: 'LU_YEAR', ...fields });
const both: PackageRequest['content'] = [
  { id: YEAR, type: 12 },
  { id: TABLE, type: 15 },
];
const forced = both.map((entry) => ({ ...entry, action: 'force_replace' as const }));

/** Writes the package anew with one of its objects added once more, in another version. */
async function addAgain(source: EngineEnvironment, storagePath: string, other: { id: string; version: string }) {
  const path = parseStorePath(storagePath);
  const lines = await source.readPackage(storagePath);
  const again = lines
    .filter(({ header }) => (JSON.parse(header) as { id: string }).id === other.id)
    .map(({ header, body }) => ({ header: JSON.stringify({ ...JSON.parse(header), ...other }), body }));
  const { stream } = await source.files.openRead(path);
  const { counts: _, ...manifest } = (await readPackage(stream)).manifest;
  stream.destroy();
  await source.files.remove(path);
  const pending = await source.files.create(path);
  await writePackage(pending.stream, manifest, batch([...lines, ...again]), { maxBytes: 2 ** 31 });
  return pending.commit();
}

async function* batch<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield items;
}

const readings = (environment: EngineEnvironment) => vi.spyOn(environment.files, 'openRead');

afterEach(() => vi.restoreAllMocks());

describe('a package that the target has already', () => {
  it('is told by the same keys from its headers and from the database', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    await source.put(year(), table(), aUser({ id: idOf('ANN'), name: 'Ann', abbreviation: 'ann' }));
    const packages = [
      [await source.create({ content: both }), scopeOf(PROJECT)],
      [await source.create({ type: 'configuration', content: [{ id: idOf('ANN'), type: 34 }] }), scopeOf(null)],
    ] as const;
    const seen = new Set<string>();
    for (const [{ storagePath }, scope] of packages) {
      const lines = await source.readPackage(storagePath);
      const entries = lines.map(({ header }) => JSON.parse(header) as PackageEntry);
      const ids = entries.map(({ id }) => id);
      const keys = await targetFacts(source.metadata.reader, scope).loadIdentityKeys(ids);
      expect([...keys.keys()].toSorted()).toEqual(ids.toSorted());
      for (const entry of entries) expect(keys.get(entry.id)).toEqual(identityKeys(entry));
      for (const { parentId, contactsHash } of entries) seen.add(`${parentId === null} ${contactsHash === null}`);
    }
    expect(seen).toEqual(new Set(['true true', 'false true', 'true false']));
  });

  it('is read once', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    await target.put(year(), table());
    const made = await source.create({ content: both });
    const opened = readings(target);
    expect((await target.import(made)).counts).toEqual({ keep: 4 });
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it('is read again, and written whole, when the target was changed meanwhile', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    await target.put(year(), table());
    const made = await source.create({ content: both });
    const before = [await target.dump(), await target.references()];
    const opened = readings(target);
    const change = () => target.put(year({ version: idOf('V2'), definition: { needs: [] } }));
    const imported = await target.import(made, {}, after(change));
    expect(imported.counts).toEqual({ keep: 3, replace: 1 });
    expect(opened).toHaveBeenCalledTimes(2);
    expect([await target.dump(), await target.references()]).toEqual(before);
    expect(await target.findWrongHashes()).toEqual([]);
  });

  it('is checked for what it needs, when the target was changed meanwhile', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    await target.put(year(), table());
    const made = await source.create({ content: [{ id: YEAR, type: 12 }] });
    const change = async (): Promise<void> => {
      await target.put(year({ version: idOf('V2'), definition: { needs: [] } }));
      await target.remove(TABLE);
    };
    await expect(target.import(made, {}, after(change))).rejects.toThrow(
      `The attribute 'Year' (${YEAR}) needs the object 'LU_YEAR' (${TABLE}), which the target would not have.`,
    );
  });

  it('is planned anew when only its folder was changed meanwhile', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    await target.put(year(), table());
    const made = await source.create({ content: both });
    const before = await target.dump();
    const change = () => target.put(year({ parentId: WELL_KNOWN.projectRoot }));
    const imported = await target.import(made, {}, after(change));
    expect(imported.counts).toEqual({ keep: 3, move: 1 });
    expect(await target.dump()).toEqual(before);
  });

  it('is refused when it holds an object twice, of which the target has one', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    await target.put(year(), table());
    const made = await source.create({ content: both });
    const { size } = await addAgain(source, made.storagePath, { id: TABLE, version: idOf('V2') });
    const before = await target.dump();
    await expect(target.import({ ...made, result: { ...made.result, size } })).rejects.toThrow(
      `The package file is damaged: it holds object ${TABLE} twice.`,
    );
    expect(await target.dump()).toEqual(before);
  });

  it('is written by force with what it consists of, and undone', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year({ name: 'Another year' }), table());
    await target.put(year(), table());
    const before = [await target.dump(), await target.references()];
    const made = await source.create({ content: forced });
    const imported = await target.import(made);
    expect(imported.counts).toEqual({ keep: 2, replace: 2 });
    expect((await target.find(YEAR))?.name).toBe('Another year');
    expect(await target.references()).toEqual(before[1]);
    await target.undo(made, imported.importId);
    expect([await target.dump(), await target.references()]).toEqual(before);
  });

  it('is refused when the file is another one by then', async () => {
    await using pair = await anEnvironmentPair();
    await using other = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year(), table());
    await target.put(year(), table());
    await other.source.put(year({ definition: { needs: [] } }), table());
    const made = await source.create({ content: forced });
    const replaced = await other.source.create({ content: forced });
    expect(replaced).toMatchObject({ packageId: made.packageId, storagePath: made.storagePath });
    const before = await target.dump();
    const first = target.files.openRead.bind(target.files);
    let count = 0;
    vi.spyOn(target.files, 'openRead').mockImplementation(async (path) => {
      count += 1;
      if (count === 1) return first(path);
      const { stream } = await other.source.files.openRead(path);
      return { stream, size: made.result.size };
    });
    await expect(target.import(made)).rejects.toThrow('The package file is damaged: it became another one');
    expect(count).toBe(2);
    expect(await target.dump()).toEqual(before);
  });
});
