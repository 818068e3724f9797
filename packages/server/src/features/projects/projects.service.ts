import { AppError, type CreateProject, type ProjectLanguages, type ProjectView } from '@longshore/contracts';
import { CONFIGURATION_SCOPE, parseObjectId, RIGHTS } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Caller } from '../../platform/http/access.ts';
import { derivedId } from '../../platform/ids.ts';
import { journalWriter } from '../journal/journal.repository.ts';
import { objectLists } from '../objects/object-lists.repository.ts';
import { accessorOf, type ObjectAccess } from '../objects/object-access.service.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { objectName } from '../objects/place-object.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { createProject } from './create-project.ts';
import { projectRepository, type ProjectRow } from './projects.repository.ts';

/** A language in which objects can be called. */
export interface Language {
  readonly id: string;
  readonly name: string;
  readonly lcid: number;
}

/** The use cases of `/api/projects*`. Every project of an environment is loaded; there is no unloaded state. */
export interface ProjectsService {
  /** Projects whose root folder the caller may browse, by name. */
  list(caller: Caller): Promise<ProjectView[]>;
  /** @throws AppError `notFound`, or `missingPrivilege` when the caller may not see it */
  get(caller: Caller, idOrName: string): Promise<ProjectView>;
  create(caller: Caller, body: CreateProject): Promise<ProjectView>;
  /** Always refused: a project that is loaded is not deleted. */
  delete(caller: Caller, id: string): Promise<never>;
  languages(caller: Caller, id: string): Promise<ProjectLanguages>;
}

export function createProjectsService(context: ObjectContext): ProjectsService {
  const { platform, access } = context;
  const db = platform.metadata.reader;

  const get = async (caller: Caller, idOrName: string): Promise<ProjectView> => {
    const project = await findProject(context, idOrName);
    if (project === undefined) throw projectNotFound(idOrName);
    const [view] = await visible({ access, db }, caller, [project]);
    if (view !== undefined) return view;
    throw new AppError('missingPrivilege', `You do not have access to the project '${project.name}' (${project.id}).`);
  };

  return {
    get,
    list: async (caller) => visible({ access, db }, caller, await projectRepository(db).list()),
    async create(caller, body) {
      const id = platform.ids.objectId();
      const date = wireDateOfSecond(platform.clock.now());
      await platform.metadata.write(async (tx) => {
        const name = objectName(body.name);
        await createProject(tx, { id, name, description: body.description ?? '', ownerId: caller.user.id, date });
        const user = { id: caller.user.id, name: caller.user.name };
        await journalWriter(tx).record({ kind: 'create-project', user, date, summary: { id, name }, entries: [] });
        await objectWriter(tx).bumpRevision(id);
      });
      return get(caller, id);
    },
    async delete(caller, id) {
      const project = await get(caller, id);
      throw new AppError(
        'invalid',
        `The project is not unloaded on at least one node. '${project.name}' (${project.id}) stays as it is.`,
      );
    },
    async languages(caller, id) {
      await get(caller, id);
      const languages = await languagesOf(context);
      const english = { [ENGLISH.id]: toNamed(ENGLISH) };
      return {
        metadata: {
          default: ENGLISH.id,
          languages: Object.fromEntries(languages.map((language) => [language.id, toNamed(language)])),
        },
        data: { currentMode: 'none', defaultLanguage: ENGLISH.id, languages: english },
      };
    },
  };
}

function projectNotFound(idOrName: string): AppError {
  return new AppError('notFound', `There is no project with the id or name '${idOrName}'.`);
}

async function findProject({ platform }: ObjectContext, idOrName: string): Promise<ProjectRow | undefined> {
  const projects = projectRepository(platform.metadata.reader);
  const id = parseObjectId(idOrName);
  return (id === undefined ? undefined : await projects.find(id)) ?? (await projects.findByName(idOrName));
}

/** Those of the projects that the caller may see, in the form of the API. */
async function visible(
  { access, db }: { readonly access: ObjectAccess; readonly db: Parameters<typeof objectReader>[0] },
  caller: Caller,
  projects: readonly ProjectRow[],
): Promise<ProjectView[]> {
  const owners = await objectReader(db).loadPrincipals(projects.map((project) => project.owner_id));
  const views: ProjectView[] = [];
  for (const project of projects) {
    const accessor = accessorOf(caller, project.id);
    const aclId = project.acl_id ?? '';
    const rights = (await access.masks(db, accessor, [aclId])).get(aclId) ?? 0;
    if ((rights & RIGHTS.browse) !== 0) views.push(toView(project, rights, owners.get(project.owner_id)?.name));
  }
  return views;
}

function toView(project: ProjectRow, rights: number, ownerName: string | undefined): ProjectView {
  return {
    id: project.id,
    name: project.name,
    alias: project.alias,
    description: project.description,
    status: 0,
    acg: rights,
    dateCreated: project.date_created,
    dateModified: project.date_modified,
    owner: { id: project.owner_id, ...(ownerName === undefined ? {} : { name: ownerName }) },
  };
}

const LOCALE_TYPE = 45;
const ENGLISH: Language = { id: derivedId('language 1033'), name: 'English (United States)', lcid: 1033 };

const toNamed = ({ name, lcid }: Language) => ({ name, lcid });

/** English, in which objects are named, and every language object whose definition says its `lcid`. */
async function languagesOf({ platform }: ObjectContext): Promise<Language[]> {
  const db = platform.metadata.reader;
  const filter = { scope: CONFIGURATION_SCOPE, aclIds: null, types: [LOCALE_TYPE] };
  const languages = [ENGLISH];
  for (const row of await objectLists(db).listPage(filter, { offset: 0, limit: -1 })) {
    const body = await objectReader(db).findBody(row);
    const { lcid } = JSON.parse(body?.definition ?? '{}') as { lcid?: unknown };
    if (typeof lcid === 'number' && lcid !== ENGLISH.lcid) languages.push({ id: row.id, name: row.name, lcid });
  }
  return languages;
}
