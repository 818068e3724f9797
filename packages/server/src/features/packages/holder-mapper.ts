import type { HolderImport, HolderPackage, ShortPackage } from '@longshore/contracts';
import type { HolderProgress } from './holder-progress.ts';
import type { HolderImportRecord, HolderRecord } from './holder-records.ts';
import { toSessionId } from './session-id.ts';

export function toShortPackage(holder: HolderRecord): ShortPackage {
  return { id: toSessionId(holder), status: holder.status };
}

/** The package, and its content where that is asked for. */
export function toHolderPackage(holder: HolderRecord, showContent: boolean): HolderPackage {
  const { settings, content, warnings = [] } = holder.view;
  return {
    ...toShortPackage(holder),
    ...(holder.message === '' ? {} : { message: holder.message }),
    ...(holder.type === null ? {} : { type: holder.type }),
    ...(showContent && settings ? { settings: withoutNulls(settings) } : {}),
    ...(showContent && content ? { content: content as HolderPackage['content'] } : {}),
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
  };
}

/** Keys without value are left out. */
const withoutNulls = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));

export function toHolderImport(record: HolderImportRecord, progress: HolderProgress): HolderImport {
  return {
    id: toSessionId(record),
    status: record.status,
    undoPackageCreated: record.undoSize !== null,
    progress: Math.max(record.progress, record.status === 'PROCESSING' ? progress.of(record.guid) : 0),
    ...(record.message === '' ? {} : { message: record.message }),
  };
}
