import type { SharedFile } from '@longshore/contracts';
import { sharedFileId } from './shared-file-id.ts';
import type { SharedFileRecord } from './shared-files.repository.ts';

/** A file as every answer shows it (spec/api.md 2.9). */
export function toSharedFile(record: SharedFileRecord): SharedFile {
  return {
    id: sharedFileId(record.type, record.guid),
    type: record.type,
    ...(record.name === null ? {} : { name: record.name }),
    path: record.path,
    sha256: record.sha256,
    existing: record.existing,
    size: record.size,
    extension: record.extension,
    creator: record.creator,
    environment: record.environment,
    creationDate: record.creationDate,
    lastUpdatedDate: record.lastUpdatedDate,
    extraInfo: {
      packageId: record.packageId,
      packageType: record.packageType,
      packagePurpose: record.packagePurpose,
    },
  };
}
