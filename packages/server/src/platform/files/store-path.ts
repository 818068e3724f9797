import { AppError } from '@longshore/contracts';

declare const isStorePath: unique symbol;
declare const isStoreFolder: unique symbol;

/** The place of a file in the store, relative and with `/`; only ever one of the shapes below. */
export type StorePath = string & { readonly [isStorePath]: true };

/** A folder of the store whose files can be listed. */
export type StoreFolder = string & { readonly [isStoreFolder]: true };

const ROOT = 'mstr/shared/migrations';

export const STORE_FOLDERS = {
  packages: `${ROOT}/packages` as StoreFolder,
  undo: `${ROOT}/undo` as StoreFolder,
  validation: `${ROOT}/validation` as StoreFolder,
  certification: `${ROOT}/certification` as StoreFolder,
  /** Packages that belong to a session; no other environment is told of them. */
  holders: 'mstr/shared/packages' as StoreFolder,
} as const;

const GUID = '[0-9A-F]{32}';
const DAY = '[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const SHAPE = new RegExp(
  `^${ROOT}/(?:packages/${DAY}/${GUID}\\.mmp|undo/${GUID}/${GUID}\\.mmp|(?:validation|certification)/${GUID}/${GUID}\\.json)$` +
    `|^${STORE_FOLDERS.holders}/(?:files|undo)/${GUID}\\.mmp$`,
);

/** Reads a path of the store; `undefined` when it has none of the known shapes. */
export function findStorePath(text: string): StorePath | undefined {
  // `$` also matches before a final line end; the length tells.
  return SHAPE.exec(text)?.[0].length === text.length ? (text as StorePath) : undefined;
}

/**
 * Reads a path of the store, for example from a request. Everything but the known shapes is refused, so a path can
 * lead nowhere else: no `..`, no absolute path, no other separator, no NUL.
 * @throws AppError invalid
 */
export function parseStorePath(text: string): StorePath {
  const path = findStorePath(text);
  if (path !== undefined) return path;
  throw new AppError(
    'invalid',
    `${JSON.stringify(text.slice(0, 200))} is not a path of the shared file store. Use the storage path that the environment which created the package gives.`,
  );
}

/** Where a package is kept. The date is `yyyy-MM-dd`, UTC; the guid is not the package id (spec/api.md 2.7). */
export function packagePath(date: string, guid: string): StorePath {
  return parseStorePath(`${STORE_FOLDERS.packages}/${date}/${guid}.mmp`);
}

export function undoPath(packageId: string, importId: string): StorePath {
  return parseStorePath(`${STORE_FOLDERS.undo}/${packageId}/${importId}.mmp`);
}

/** The file by which the target of a validation tells the source how it goes (spec/api.md 2.7.7). */
export function validationPath(packageId: string, importId: string): StorePath {
  return parseStorePath(`${STORE_FOLDERS.validation}/${packageId}/${importId}.json`);
}

/** The file by which two environments agree on a package's certification. */
export function certificationPath(packageId: string, importId: string): StorePath {
  return parseStorePath(`${STORE_FOLDERS.certification}/${packageId}/${importId}.json`);
}

/** The same for a single package: all its imports share one certification. */
export function packageCertificationPath(packageId: string): StorePath {
  return certificationPath(packageId, packageId);
}

/** The folder that holds all undo packages of a package. */
export function undoFolder(packageId: string): StoreFolder {
  return parentOf(undoPath(packageId, packageId));
}

function parentOf(path: StorePath): StoreFolder {
  return path.slice(0, path.lastIndexOf('/')) as StoreFolder;
}

/** The file of a session's package (spec/api.md 2.11). */
export function holderPath(guid: string): StorePath {
  return parseStorePath(`${STORE_FOLDERS.holders}/files/${guid}.mmp`);
}

/** The undo package of an import of a session's package. */
export function holderUndoPath(guid: string): StorePath {
  return parseStorePath(`${STORE_FOLDERS.holders}/undo/${guid}.mmp`);
}
