import { expect, onTestFinished, test } from 'vitest';
import { manifestOf, objectsOf, pack } from '../../../../package-file/test/builders.ts';
import { announce, aStorageServer, upload } from '../../../../../test/builders/storage-server.ts';
import { findUploadedPackage } from './find-uploaded-package.ts';

test('an uploaded package is found by the id of its file, once its bytes are there', async () => {
  const server = await aStorageServer();
  onTestFinished(() => server.close());
  const deps = { platform: server.platform, files: server.storage.files };
  const { file } = await pack(objectsOf(2));
  const announced = await announce(server, file);

  const unknown = findUploadedPackage(deps, 'unknown');
  await expect(unknown).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('not found') });
  const early = findUploadedPackage(deps, announced.id);
  await expect(early).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('existing is false') });

  await upload(server, announced.id, file);
  expect(await findUploadedPackage(deps, announced.id)).toMatchObject({
    name: 'Year',
    path: announced.path,
    size: file.length,
    packageId: announced.extraInfo.packageId,
    contentPackageId: manifestOf().packageId,
  });

  await server.storage.files.remove(announced.path as never);
  await expect(findUploadedPackage(deps, announced.id)).rejects.toMatchObject({ kind: 'invalid' });
});
