import type { Routes } from '../../platform/http/app.ts';
import type { Platform } from '../../platform/platform.ts';
import { folderRoutes } from '../folders/folders.routes.ts';
import { createFoldersService } from '../folders/folders.service.ts';
import { createChangeJournalService } from '../journal/change-journal.service.ts';
import { createListJournalObjects } from '../journal/journal-objects.service.ts';
import { createPurgeJournal } from '../journal/purge-journal.service.ts';
import { journalRoutes } from '../journal/journal.routes.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { createObjectAccess } from '../objects/object-access.service.ts';
import { createObjectViews } from '../objects/object-views.service.ts';
import { objectRoutes } from '../objects/objects.routes.ts';
import { createObjectsService } from '../objects/objects.service.ts';
import { createMonitorsService, type NodeInfo } from '../projects/monitors.service.ts';
import { createProjectObjects } from '../projects/project-object.service.ts';
import { projectRoutes } from '../projects/projects.routes.ts';
import { createProjectsService } from '../projects/projects.service.ts';
import { schemaRoutes } from '../schema/schema.routes.ts';
import { createGetSchema } from '../schema/schema.service.ts';
import { searchObjectRoutes } from '../search-objects/search-objects.routes.ts';
import { createSearchObjectsService } from '../search-objects/search-objects.service.ts';
import { createEndedSessions } from '../schema-lock/ended-sessions.ts';
import { searchRoutes } from '../searches/searches.routes.ts';
import { createSearchesService, type SearchLimits } from '../searches/searches.service.ts';
import { createUserGroupService } from '../users/usergroups.service.ts';
import { createDumpService } from './dump-metadata.service.ts';
import { createLoadMetadata } from './load-metadata.service.ts';
import { metadataRoutes } from './metadata.routes.ts';

export interface MetadataOptions extends NodeInfo {
  /** Idle limit of a session in seconds: locks end with their session. */
  readonly sessionTimeout: number;
  /** Limits of searches that are not the usual ones, for tests. */
  readonly searches?: Partial<SearchLimits>;
}

/** Wires everything about projects and objects: called once at start, by whoever composes the server. */
export function composeMetadata(
  platform: Platform,
  { sessionTimeout, searches = {}, ...node }: MetadataOptions,
): { context: ObjectContext; routes: Routes[] } {
  const access = createObjectAccess(platform.metadata.reader);
  const ended = createEndedSessions(platform, sessionTimeout);
  const context: ObjectContext = { platform, access, views: createObjectViews(access), ended };
  const projects = createProjectsService(context);
  const objects = createObjectsService(context, createProjectObjects(context), createUserGroupService(platform));
  return {
    context,
    routes: [
      projectRoutes(projects, createMonitorsService(projects, node)),
      objectRoutes(objects),
      folderRoutes(createFoldersService(context), objects),
      searchRoutes(createSearchesService(context, searches)),
      searchObjectRoutes(createSearchObjectsService(context)),
      journalRoutes({
        service: createChangeJournalService(context),
        purge: createPurgeJournal(platform),
        listObjects: createListJournalObjects(platform),
      }),
      schemaRoutes(createGetSchema(context, projects)),
      metadataRoutes({ load: createLoadMetadata(platform), dump: createDumpService(platform) }),
    ],
  };
}
