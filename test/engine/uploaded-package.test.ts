import { describe, expect, it } from 'vitest';
import type { PackageEntry } from '@longshore/domain';
import { readPackage, writePackage, type ObjectLines } from '@longshore/package-file';
import { packagePath, parseStorePath, undoPath } from '../../packages/server/src/platform/files/store-path.ts';
import { anEnvironmentPair, anObject, aUser, idOf, PROJECT, type EngineEnvironment } from './environment.ts';

const [ANN, ROLE, KEPT] = ['ANN', 'ROLE', 'KEPT'].map(idOf) as [string, string, string];

const ann = (definition = {}) =>
  aUser({ id: ANN, name: 'Ann', abbreviation: 'ann', definition: { username: 'ann', ...definition } });
const role = () => anObject({ id: ROLE, type: 44, subtype: 11264, projectId: null, parentId: null, name: 'Analyst' });

/** Ann has a role on the source, and none on the target. */
async function withLinks() {
  const pair = await anEnvironmentPair();
  await pair.source.put(role(), ann({ securityRoles: [{ projectId: PROJECT, roleId: ROLE }] }));
  await pair.target.put(role(), ann());
  const made = await pair.source.create({
    type: 'project_security',
    content: [{ id: ANN, type: 34 }],
    settings: { aclOnReplacingObjects: null },
  });
  return { pair, made };
}

/** The same package with other headers, at a place of its own. */
async function rewritten(
  { files }: EngineEnvironment,
  storagePath: string,
  change: (entry: PackageEntry) => PackageEntry,
): Promise<{ storagePath: string; storageSize: number }> {
  const { stream } = await files.openRead(parseStorePath(storagePath));
  const { manifest, batches } = await readPackage(stream);
  const lines = (await Array.fromAsync(batches())).flat();
  const path = packagePath('2026-01-03', idOf('REWRITTEN'));
  const pending = await files.create(path);
  const changed = lines.map(({ header, body }) => ({
    header: JSON.stringify(change(JSON.parse(header) as PackageEntry)),
    body,
  }));
  await writePackage(pending.stream, manifest, oneBatch(changed), { maxBytes: 2 ** 31 });
  return { storagePath: path, storageSize: (await pending.commit()).size };
}

async function* oneBatch(lines: ObjectLines[]): AsyncGenerator<ObjectLines[]> {
  yield await Promise.resolve(lines);
}

describe('an uploaded package', () => {
  it('is kept under another id than its own, also for its undo', async () => {
    const { pair, made } = await withLinks();
    await using _pair = pair;
    const before = await pair.target.dump();
    const importId = idOf('IMPORTED');
    const { undo } = await pair.target.import(made, {
      packageId: KEPT,
      contentPackageId: made.packageId,
      importId,
      undoPath: undoPath(KEPT, importId),
    });
    expect(undo).not.toBeNull();
    expect(await pair.target.dump()).not.toEqual(before);
    await pair.target.undo({ ...made, packageId: KEPT }, importId);
    expect(await pair.target.dump()).toEqual(before);
    await expect(pair.target.import(made, { contentPackageId: KEPT })).rejects.toThrow(`is not package ${KEPT}`);
    await expect(pair.target.import(made, { packageId: KEPT })).rejects.toThrow(`is not package ${KEPT}`);
  });

  it('of links names in its headers what the links lead to', async () => {
    const { pair, made } = await withLinks();
    await using _pair = pair;
    const before = await pair.target.dump();
    for (const [change, text] of [
      [(entry: PackageEntry) => ({ ...entry, references: [] }), 'refers to'],
      [(entry: PackageEntry) => ({ ...entry, contactsHash: 'x' }), 'contacts'],
    ] as const) {
      const place = await rewritten(pair.source, made.storagePath, change);
      const uploaded = { ...place, contentPackageId: made.packageId };
      await expect(pair.target.import(made, uploaded)).rejects.toThrow(text);
      await pair.source.files.remove(parseStorePath(place.storagePath));
    }
    expect(await pair.target.dump()).toEqual(before);
  });
});
