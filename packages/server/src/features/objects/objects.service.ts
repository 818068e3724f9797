import {
  AppError,
  type CopyObject,
  type ObjectDefinition,
  type ObjectDetail,
  type UpdateObject,
} from '@longshore/contracts';
import { CONFIGURATION_SCOPE, parseObjectId, typeOfNumber, USER_GROUP_SUBTYPE, USER_TYPE } from '@longshore/domain';
import { PRIVILEGE, requirePrivileges, type Caller } from '../../platform/http/access.ts';
import { createCertifyObject, type CertifyRequest } from './certify-object.service.ts';
import { createCopyObject } from './copy-object.service.ts';
import { createDeleteObjects, type DeleteRequest } from './delete-objects.service.ts';
import type { ObjectRequest } from './find-object.ts';
import { createGetObject, type ObjectContext } from './get-object.service.ts';
import { createGetDefinition } from './object-definition.service.ts';
import { objectReader } from './objects.repository.ts';
import { createTranslationsService, type TranslationsService } from './translations.service.ts';
import { createUpdateObject } from './update-object.service.ts';

/** The use cases of `/api/objects*`. */
export interface ObjectsService {
  get(request: ObjectRequest): Promise<ObjectDetail>;
  definition(request: ObjectRequest): Promise<ObjectDefinition>;
  update(request: ObjectRequest, body: UpdateObject): Promise<ObjectDetail>;
  delete(request: DeleteRequest): Promise<void>;
  copy(request: ObjectRequest, body: CopyObject): Promise<ObjectDetail>;
  certify(request: CertifyRequest): Promise<ObjectDetail>;
  readonly translations: TranslationsService;
}

/** A project seen as an object of type 32; the projects feature brings it. */
export interface ProjectObjects {
  get(request: ObjectRequest): Promise<ObjectDetail>;
  update(request: ObjectRequest, body: UpdateObject): Promise<ObjectDetail>;
}

/** User groups, of whose members and roles the users feature takes care. */
export interface GroupObjects {
  remove(caller: Caller, id: string): Promise<void>;
}

const PROJECT_TYPE = 32;
const isProject = (object: { readonly type: number }): boolean => typeOfNumber(object.type) === PROJECT_TYPE;

export function createObjectsService(
  context: ObjectContext,
  projects: ProjectObjects,
  groups: GroupObjects,
): ObjectsService {
  const get = createGetObject(context);
  const update = createUpdateObject(context);
  const remove = createDeleteObjects(context);
  const copy = createCopyObject(context);
  const certify = createCertifyObject(context);
  return {
    translations: createTranslationsService(context),
    definition: createGetDefinition(context),
    get: (request) => (isProject(request) ? projects.get(request) : get(request)),
    update: (request, body) => (isProject(request) ? projects.update(request, body) : update(request, body)),
    delete: async (request) => {
      const project = request.objects.find(isProject);
      if (project) throw notForProjects(project.id, 'deleted with DELETE /api/projects');
      const [first, ...others] = request.objects;
      const isGroup = first !== undefined && others.length === 0 && (await isUserGroup(context, first));
      if (isGroup) await removeGroup(groups, request.caller, first.id);
      else await remove(request);
    },
    copy: async (request, body) => {
      if (isProject(request)) throw notForProjects(request.id, 'not copied');
      return copy(request, body);
    },
    certify: async (request) => {
      if (isProject(request)) throw notForProjects(request.id, 'not certified');
      return certify(request);
    },
  };
}

/** Clients delete a group as an object of type 34, and a user under /api/users. */
async function isUserGroup({ platform }: ObjectContext, { id, type }: { id: string; type: number }): Promise<boolean> {
  const key = parseObjectId(id);
  if (key === undefined || typeOfNumber(type) !== USER_TYPE) return false;
  const row = await objectReader(platform.metadata.reader).findRow({ scope: CONFIGURATION_SCOPE, id: key });
  return row?.subtype === USER_GROUP_SUBTYPE;
}

async function removeGroup(groups: GroupObjects, caller: Caller, id: string): Promise<void> {
  requirePrivileges(caller, [PRIVILEGE.userManager], null);
  await groups.remove(caller, id);
}

const notForProjects = (id: string, what: string): AppError =>
  new AppError('invalid', `The object with id ${id} is a project: projects are ${what}.`);
