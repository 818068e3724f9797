import { createConsoleApi, type ConsoleApi } from './console.ts';
import { createJournalApi, type JournalApi } from './journal.ts';
import { createFilesApi, type FilesApi } from './files.ts';
import { createMetadataApi, type MetadataApi } from './metadata.ts';
import { createMigrationGroupsApi, type MigrationGroupsApi } from './migration-groups.ts';
import { createMigrationsApi, type MigrationsApi } from './migrations.ts';
import {
  createFoldersApi,
  createObjectsApi,
  createProjectsApi,
  createSearchesApi,
  type FoldersApi,
  type ObjectsApi,
  type ProjectsApi,
  type SearchesApi,
} from './objects.ts';
import { createPlansApi, type PlansApi } from './plans.ts';
import { sleep, type Sleep } from './polling.ts';
import { createSessionApi, type SessionApi } from './session.ts';
import { createTransport, type TransportOptions } from './transport.ts';

export interface ClientOptions extends TransportOptions {
  /** How to wait between polls; tests bring their own. */
  readonly sleep?: Sleep;
}

/** One Library server. The session token is kept in memory only. */
export interface LibraryClient extends SessionApi {
  /** Library URL without `/api` and trailing slash. */
  readonly libraryUrl: string;
  readonly projects: ProjectsApi;
  readonly objects: ObjectsApi;
  readonly folders: FoldersApi;
  readonly searches: SearchesApi;
  readonly migrations: MigrationsApi;
  readonly plans: PlansApi;
  readonly journal: JournalApi;
  readonly migrationGroups: MigrationGroupsApi;
  readonly files: FilesApi;
  readonly metadata: MetadataApi;
  readonly console: ConsoleApi;
}

/**
 * A client of the Library API. Calls throw ApiError when the server refuses, ConnectionError when it does not answer,
 * and the abort reason when their signal is aborted.
 * @throws TypeError when `baseUrl` is no http(s) URL.
 */
export function createClient(options: ClientOptions): LibraryClient {
  const transport = createTransport(options);
  return {
    libraryUrl: transport.libraryUrl,
    ...createSessionApi(transport),
    projects: createProjectsApi(transport),
    objects: createObjectsApi(transport),
    folders: createFoldersApi(transport),
    searches: createSearchesApi(transport),
    migrations: createMigrationsApi(transport, options.sleep ?? sleep),
    plans: createPlansApi(transport, options.sleep ?? sleep),
    journal: createJournalApi(transport),
    migrationGroups: createMigrationGroupsApi(transport),
    files: createFilesApi(transport),
    metadata: createMetadataApi(transport),
    console: createConsoleApi(transport),
  };
}
