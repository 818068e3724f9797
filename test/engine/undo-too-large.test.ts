import { expect, it, vi } from 'vitest';
import { AppError } from '@longshore/contracts';
import { STORE_FOLDERS } from '../../packages/server/src/platform/files/store-path.ts';
import { anEnvironmentPair, anObject, idOf } from './environment.ts';

const LIMIT = vi.hoisted(() => 700);

// Two gigabytes cannot be waited for here; packages themselves are made with a limit of their own.
vi.mock('@longshore/package-file', async (original) => ({ ...(await original<object>()), MAX_PACKAGE_BYTES: LIMIT }));

it('an import whose undo package would be too large is refused with the limit and the way out', async () => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  const METRIC = idOf('METRIC');
  await source.put(
    anObject({ id: METRIC, type: 4, version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' }),
  );
  await target.put(anObject({ id: METRIC, type: 4 }));
  const made = await source.create({ content: [{ id: METRIC, type: 4 }] });
  const before = await target.dump();
  const refused = await target.import(made).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect(refused).toMatchObject({ kind: 'tooLarge' });
  for (const text of ['undo package', `limit of ${LIMIT} bytes`, 'generateUndo=false', 'nothing was changed']) {
    expect((refused as AppError).message).toContain(text);
  }
  expect(await target.dump()).toEqual(before);
  expect(await Array.fromAsync(target.files.list(STORE_FOLDERS.undo))).toEqual([]);
  expect((await target.import(made, { generateUndo: false })).counts).toMatchObject({ replace: 1 });
});
