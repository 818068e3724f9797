import { AppError, type CreateSharedFileBody, type SharedFile } from '@longshore/contracts';
import { wireDate } from '../../platform/clock.ts';
import { packagePath } from '../../platform/files/store-path.ts';
import type { Caller } from '../../platform/http/access.ts';
import type { SharedFileDeps } from './shared-file-deps.ts';
import { toSharedFile } from './shared-file-mapper.ts';
import { sharedFilesRepository, type NamedPlace, type SharedFileRecord } from './shared-files.repository.ts';

/**
 * Use case: announce a package file before its bytes are uploaded (spec/api.md 2.9). The place and the package id are
 * of this server's making: an id from outside could be that of a package which is already here.
 * @throws AppError `invalid` for a size over the limit or when there are too many files, `storageMisconfigured`
 */
export async function createSharedFile(
  deps: SharedFileDeps,
  body: CreateSharedFileBody,
  caller: Caller,
): Promise<SharedFile> {
  const { maxPackageBytes, maxUploadedPackages } = deps.options;
  if (body.size > maxPackageBytes) {
    throw new AppError('invalid', `size is ${body.size} bytes, and a package may have ${maxPackageBytes} at most.`);
  }
  await deps.files.check();
  const record = newRecord(deps, body, caller);
  await deps.platform.library.write(async (tx) => {
    const repository = sharedFilesRepository(tx);
    if ((await repository.countFiles(record.type)) >= maxUploadedPackages) {
      throw new AppError(
        'invalid',
        `There are ${maxUploadedPackages} uploaded packages already, which is the most. Delete those that are not needed any more.`,
      );
    }
    await repository.addFile(record);
  });
  return toSharedFile(record);
}

function newRecord({ platform }: SharedFileDeps, body: CreateSharedFileBody, caller: Caller): SharedFileRecord {
  const now = wireDate(platform.clock.now());
  const guid = platform.ids.objectId();
  return {
    guid,
    type: body.type,
    name: body.name ?? null,
    extension: body.extension,
    path: packagePath(now.slice(0, 10), guid),
    sha256: body.sha256.toLowerCase(),
    size: body.size,
    existing: false,
    creator: { id: caller.user.id, name: caller.user.name },
    environment: toPlace(body.environment),
    creationDate: now,
    lastUpdatedDate: now,
    packageId: platform.ids.objectId(),
    packageType: body.extraInfo.packageType,
    packagePurpose: body.extraInfo.packagePurpose,
    contentPackageId: null,
  };
}

/** Some clients send the address alone. */
function toPlace(environment: CreateSharedFileBody['environment']): NamedPlace {
  if (typeof environment === 'string') return { id: environment, name: environment };
  const { id, name } = environment;
  return { ...(id ? { id } : {}), ...(name ? { name } : {}) };
}
