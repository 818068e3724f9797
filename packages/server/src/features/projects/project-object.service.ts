import type { ObjectDetail, UpdateObject } from '@longshore/contracts';
import { findPredefinedFolder, FOLDER_TYPE, parseObjectId, RIGHTS, WELL_KNOWN } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { derivedId } from '../../platform/ids.ts';
import { requireOpenProject } from '../project-lock/find-foreign-project-lock.ts';
import { editObjects } from '../objects/edit-objects.ts';
import { objectNotFound, type ObjectRequest } from '../objects/find-object.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { objectReader } from '../objects/objects.repository.ts';
import type { ProjectObjects } from '../objects/objects.service.ts';
import { objectName } from '../objects/place-object.ts';
import { updateObject } from '../objects/update-object.service.ts';
import { refuseTakenName } from './create-project.ts';
import { projectRepository, type ProjectRow } from './projects.repository.ts';

const PROJECT_SUBTYPE = 8192;
const PROJECTS_FOLDER = 77;

/** Projects as objects of type 32. Who may do what follows from the root folder, which carries the project's name. */
export function createProjectObjects(context: ObjectContext): ProjectObjects {
  const { platform, access } = context;
  const show = async (request: ObjectRequest): Promise<ObjectDetail> => {
    const db = platform.metadata.reader;
    const { project, root } = await getProject(db, request);
    await access.require(db, accessorOf(request.caller, project.id), { object: root, right: RIGHTS.browse });
    return toDetail(context, request, { project, root });
  };
  return {
    get: show,
    async update(request, body) {
      await editObjects(context, 'everything', async (tx) => {
        const { project } = await getProject(tx, request);
        await requireOpenProject(tx, project.id, request.caller.sessionId);
        const name = body.name === undefined ? project.name : objectName(body.name);
        await refuseTakenName(tx, { id: project.id, name });
        const root = { ...request, id: WELL_KNOWN.projectRoot, type: FOLDER_TYPE, projectId: project.id };
        const after = await updateObject(context, tx, root, rootFolderChange(body));
        await projectRepository(tx).update(project.id, {
          name,
          description: body.description ?? project.description,
          owner_id: after.owner_id,
          date_modified: wireDateOfSecond(platform.clock.now()),
        });
      });
      return show(request);
    },
  };
}

/** The description stays with the project: the root folder has one of its own. */
function rootFolderChange(body: UpdateObject): UpdateObject {
  const {
    description: _description,
    abbreviation: _abbreviation,
    folderId: _folder,
    hidden: _hidden,
    ...change
  } = body;
  return change;
}

interface FoundProject {
  readonly project: ProjectRow;
  readonly root: ObjectTable;
}

async function getProject(db: Executor<MetadataTables>, request: ObjectRequest): Promise<FoundProject> {
  const id = parseObjectId(request.id);
  const project = id && (await projectRepository(db).find(id));
  const root = id && (await objectReader(db).findRow({ scope: id, id: WELL_KNOWN.projectRoot }));
  if (project && root) return { project, root };
  throw objectNotFound({ ...request, projectId: null });
}

async function toDetail(
  { platform, access, views }: ObjectContext,
  { caller }: ObjectRequest,
  { project, root }: FoundProject,
): Promise<ObjectDetail> {
  const db = platform.metadata.reader;
  const rights = await access.masks(db, accessorOf(caller, project.id), [root.acl_id]);
  const owner = (await objectReader(db).loadPrincipals([project.owner_id])).get(project.owner_id);
  const folder = findPredefinedFolder(PROJECTS_FOLDER);
  return {
    id: project.id,
    name: project.name,
    type: 32,
    subtype: PROJECT_SUBTYPE,
    ...(project.description === '' ? {} : { description: project.description }),
    dateCreated: project.date_created,
    dateModified: project.date_modified,
    version: derivedId(`project ${project.id} ${project.date_modified} ${root.version}`),
    acg: rights.get(root.acl_id) ?? 0,
    owner: { id: project.owner_id, ...(owner === undefined ? {} : { name: owner.name }) },
    ancestors: folder === undefined ? [] : [{ id: folder.id, name: folder.name, level: 1 }],
    acl: await views.aclEntries(db, root.acl_id),
  };
}
