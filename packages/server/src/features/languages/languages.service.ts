import { AppError, type BaseLanguages, type LanguageView } from '@longshore/contracts';
import { CONFIGURATION_SCOPE, parseObjectId, RIGHTS, WELL_KNOWN, type JsonObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { derivedId } from '../../platform/ids.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { objectLists } from '../objects/object-lists.repository.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { BASE_LANGUAGES } from './base-languages.ts';

/** The use cases of `/api/languages` and `/api/iserver/baseLanguages` (spec/api.md 2.14). */
export interface LanguagesService {
  listBase(): BaseLanguages;
  /** The language objects that the caller may browse, and English where none of them is English. */
  list(caller: Caller): Promise<LanguageView[]>;
  /** @throws AppError `notFound` */
  get(caller: Caller, id: string): Promise<LanguageView>;
}

const LOCALE_TYPE = 45;
const ENGLISH_LCID = 1033;

export function createLanguagesService({ platform, access }: ObjectContext): LanguagesService {
  const db = platform.metadata.reader;

  const list = async (caller: Caller): Promise<LanguageView[]> => {
    const accessor = accessorOf(caller, CONFIGURATION_SCOPE);
    const filter = { scope: CONFIGURATION_SCOPE, aclIds: await access.browsable(accessor), types: [LOCALE_TYPE] };
    const rows = await objectLists(db).listPage(filter, { offset: 0, limit: -1 });
    const rights = await access.masks(
      db,
      accessor,
      rows.map((row) => row.acl_id),
    );
    const owners = await objectReader(db).loadPrincipals([
      WELL_KNOWN.administrator,
      ...rows.map((row) => row.owner_id),
    ]);
    const languages: LanguageView[] = [];
    for (const row of rows) {
      const body = await objectReader(db).findBody(row);
      const definition = JSON.parse(body?.definition ?? '{}') as JsonObject;
      const ownerName = owners.get(row.owner_id)?.name;
      const view = toView(row, definition, { rights: rights.get(row.acl_id) ?? 0, ownerName });
      languages.push({ ...view, ...(await interfaceLanguageOf(db, definition)) });
    }
    if (languages.some((language) => language.lcid === ENGLISH_LCID)) return languages;
    return [english(owners.get(WELL_KNOWN.administrator)?.name), ...languages];
  };

  return {
    list,
    listBase: () => ({ baseLocales: [...BASE_LANGUAGES] }),
    async get(caller, id) {
      const wanted = parseObjectId(id);
      const language = (await list(caller)).find((known) => known.id === wanted);
      if (language) return language;
      throw new AppError('notFound', `There is no language with the id ${id}.`);
    },
  };
}

const numberOr = (value: unknown, fallback: number): number => (Number.isSafeInteger(value) ? Number(value) : fallback);

function toView(
  row: ObjectTable,
  definition: JsonObject,
  { rights, ownerName }: { readonly rights: number; readonly ownerName: string | undefined },
): LanguageView {
  return {
    name: row.name,
    id: row.id,
    baseLangLcid: numberOr(definition['baseLanguageLcid'], 0),
    lcid: numberOr(definition['lcid'], 0),
    owner: { id: row.owner_id, ...(ownerName === undefined ? {} : { name: ownerName }) },
    lastModified: row.date_modified,
    acg: rights,
    ...(row.description === '' ? {} : { description: row.description }),
  };
}

/** An interface language that this environment does not have is shown by its id. */
async function interfaceLanguageOf(
  db: Executor<MetadataTables>,
  { interfaceLanguageId: id }: JsonObject,
): Promise<Pick<LanguageView, 'interfaceLanguage'>> {
  if (typeof id !== 'string') return {};
  const row = await objectReader(db).findRow({ scope: CONFIGURATION_SCOPE, id });
  return { interfaceLanguage: { id, name: row?.name ?? id } };
}

/** The id is that of `GET /api/projects/{id}/languages`. */
function english(ownerName: string | undefined): LanguageView {
  return {
    name: 'English (United States)',
    id: derivedId(`language ${ENGLISH_LCID}`),
    baseLangLcid: 0,
    lcid: ENGLISH_LCID,
    owner: { id: WELL_KNOWN.administrator, ...(ownerName === undefined ? {} : { name: ownerName }) },
    lastModified: '2001-01-02T00:00:00.000+0000',
    acg: RIGHTS.browse | RIGHTS.read | RIGHTS.use,
  };
}
