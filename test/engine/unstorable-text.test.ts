import { expect, it } from 'vitest';
import { readPackage, writePackage, type ObjectLines } from '@longshore/package-file';
import { parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import { isOnPostgres } from '../builders/databases.ts';
import { anEnvironmentPair, anObject, idOf, type EngineEnvironment, type MadePackage } from './environment.ts';

/** PostgreSQL keeps every text but those with U+0000, which an environment on SQLite may have. */

const YEAR = idOf('YEAR');
const year = (fields = {}) => anObject({ id: YEAR, type: 12, name: 'Year', ...fields });

/** Writes a package anew with other fields in the header of its object. */
async function rewritten(source: EngineEnvironment, made: MadePackage, fields: object): Promise<MadePackage> {
  const path = parseStorePath(made.storagePath);
  const lines = (await source.readPackage(made.storagePath)).map(({ header, body }) =>
    header.includes(`"id":"${YEAR}"`)
      ? { header: JSON.stringify({ ...JSON.parse(header), ...fields }), body }
      : { header, body },
  );
  const { stream } = await source.files.openRead(path);
  const { manifest } = await readPackage(stream);
  stream.destroy();
  await source.files.remove(path);
  const pending = await source.files.create(path);
  await writePackage(pending.stream, manifest, inOneBatch(lines), { maxBytes: 2 ** 31 });
  const { size } = await pending.commit();
  return { ...made, result: { ...made.result, size } };
}

async function* inOneBatch(lines: readonly ObjectLines[]): AsyncGenerator<readonly ObjectLines[]> {
  yield lines;
}

it.each([
  ['name', { name: 'Ye\u0000ar' }],
  ['description', { description: '\u0000' }],
])('in the %s of an object is kept, or refused with the id of the object', async (part, fields) => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  await source.put(year());
  const before = await target.dump();
  const made = await rewritten(source, await source.create({ content: [{ id: YEAR, type: 12 }] }), fields);
  if (!isOnPostgres) {
    await target.import(made);
    expect(await target.find(YEAR)).toMatchObject(fields);
    return;
  }
  const refused = target.import(made);
  await expect(refused).rejects.toMatchObject({ kind: 'invalid' });
  await expect(refused).rejects.toThrow(`Object ${YEAR} of the package has the character U+0000 in its ${part}`);
  await expect(target.validate(made)).rejects.toThrow(YEAR);
  expect(await target.dump()).toEqual(before);
});
