import { AppError, type CreateFolder, type FolderContentQuery, type ObjectSummary } from '@longshore/contracts';
import {
  CONFIGURATION_SCOPE,
  findPredefinedFolder,
  FOLDER_TYPE,
  parseObjectId,
  RIGHTS,
  scopeOf,
  type PredefinedFolder,
} from '@longshore/domain';
import type { ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { objectNotFound, scopesOf } from '../objects/find-object.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { objectLists, type ObjectFilter, type Page } from '../objects/object-lists.repository.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { createFolder } from './create-folder.service.ts';

/** Who asks, and in which project; null means the configuration. */
export interface FolderRequest {
  readonly caller: Caller;
  readonly projectId: string | null;
}

export interface ObjectPage {
  readonly objects: ObjectSummary[];
  /** How many there are before paging. */
  readonly total: number;
}

/** The use cases of `/api/folders*`. Lists hold what the caller may browse and nothing else. */
export interface FoldersService {
  /** All folders of the project, or of the configuration. */
  listFolders(request: FolderRequest, page: Page): Promise<ObjectPage>;
  listContents(request: FolderRequest, folderId: string, query: FolderContentQuery): Promise<ObjectPage>;
  listPredefined(request: FolderRequest, folderType: number, query: FolderContentQuery): Promise<ObjectPage>;
  /** @throws AppError `notFound` when no folder has this number */
  predefinedId(folderType: number): { id: string };
  getPredefined(
    request: FolderRequest,
    folderTypes: readonly number[],
  ): Promise<(ObjectSummary & { folderType: number })[]>;
  listPersonal(request: FolderRequest, query: FolderContentQuery): Promise<ObjectPage>;
  create(request: FolderRequest, body: CreateFolder): Promise<ObjectSummary>;
}

export function createFoldersService(context: ObjectContext): FoldersService {
  const list = createListing(context);
  const contents = createContents(context, list);
  return {
    ...contents,
    listFolders: (request, page) => list(request, { scope: scopeOf(request.projectId), types: [FOLDER_TYPE] }, page),
    predefinedId: (folderType) => ({ id: getPredefinedFolder(folderType).id }),
    async getPredefined(request, folderTypes) {
      const folders = [];
      for (const folderType of folderTypes) {
        const folder = getPredefinedFolder(folderType);
        const filter = { scope: scopeOfPredefined(request, folder), ids: [folder.id] };
        const { objects } = await list(request, filter, { offset: 0, limit: 1 });
        folders.push(...objects.map((object) => ({ ...object, folderType })));
      }
      return folders;
    },
    create: (request, body) => createFolder(context, request, body),
  };
}

type Listing = (request: FolderRequest, filter: Omit<ObjectFilter, 'aclIds'>, page: Page) => Promise<ObjectPage>;

function createListing({ platform, access, views }: ObjectContext): Listing {
  const db = platform.metadata.reader;
  return async ({ caller }, filter, page) => {
    const accessor = accessorOf(caller, filter.scope);
    const shown = { ...filter, aclIds: await access.browsable(accessor) };
    const rows = await objectLists(db).listPage(shown, page);
    const isWhole = page.offset === 0 && (page.limit < 0 || rows.length < page.limit);
    return {
      objects: await views.summaries(db, accessor, rows),
      total: isWhole ? rows.length : await objectLists(db).count(shown),
    };
  };
}

function createContents(
  context: ObjectContext,
  list: Listing,
): Pick<FoldersService, 'listContents' | 'listPredefined' | 'listPersonal'> {
  const db = context.platform.metadata.reader;
  const contentsOf = async (request: FolderRequest, folder: ObjectTable, query: FolderContentQuery) => {
    const accessor = accessorOf(request.caller, folder.scope);
    await context.access.require(db, accessor, { object: folder, right: RIGHTS.browse });
    return list(request, contentFilter(folder, query), query);
  };
  return {
    listContents: async (request, folderId, query) =>
      contentsOf(request, await getFolderOf(context, request, folderId), query),

    async listPredefined(request, folderType, query) {
      const folder = getPredefinedFolder(folderType);
      const scope = scopeOfPredefined(request, folder);
      const row = await objectReader(db).findRow({ scope, id: folder.id });
      if (row === undefined) throw objectNotFound({ id: folder.id, type: FOLDER_TYPE, projectId: request.projectId });
      return contentsOf(request, row, query);
    },

    /** A caller's personal folders are those that it owns in Profiles. */
    async listPersonal(request, query) {
      const scope = scopeOf(request.projectId);
      const filter = {
        scope,
        aclIds: null,
        parentId: getPredefinedFolder(PROFILES).id,
        types: [FOLDER_TYPE],
        ownerId: request.caller.user.id,
      };
      const [folder] = await objectLists(db).listPage(filter, { offset: 0, limit: 1 });
      return folder === undefined ? { objects: [], total: 0 } : contentsOf(request, folder, query);
    },
  };
}

const PROFILES = 19;

function contentFilter(folder: ObjectTable, query: FolderContentQuery): Omit<ObjectFilter, 'aclIds'> {
  const types = query.type === undefined || query.type.length === 0 ? undefined : query.type;
  return { scope: folder.scope, parentId: folder.id, types, hidden: query.hidden };
}

async function getFolderOf(
  { platform }: ObjectContext,
  request: FolderRequest,
  folderId: string,
): Promise<ObjectTable> {
  const id = parseObjectId(folderId);
  for (const scope of id === undefined ? [] : scopesOf(request.projectId)) {
    const row = await objectReader(platform.metadata.reader).findRow({ scope, id: id ?? '' });
    if (row?.type === FOLDER_TYPE) return row;
  }
  throw objectNotFound({ id: folderId, type: FOLDER_TYPE, projectId: request.projectId });
}

function getPredefinedFolder(folderType: number): PredefinedFolder {
  const folder = findPredefinedFolder(folderType);
  if (folder) return folder;
  throw new AppError('notFound', `There is no predefined folder with the number ${folderType}.`);
}

/** @throws AppError `missing` for a folder of projects when no project was named */
function scopeOfPredefined(request: FolderRequest, folder: PredefinedFolder): string {
  if (folder.level === 'configuration') return CONFIGURATION_SCOPE;
  if (request.projectId !== null) return request.projectId;
  throw new AppError('missing', 'The header X-MSTR-ProjectID is required: the folder is one of a project.');
}
