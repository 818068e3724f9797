import { AppError, type CreateLanguage, type LanguageView, type OperationListRequest } from '@longshore/contracts';
import {
  CONFIGURATION_SCOPE,
  defaultSubtype,
  inheritedAcl,
  privilegeName,
  RIGHTS,
  type JsonObject,
} from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { missingPrivilege, type Caller } from '../../platform/http/access.ts';
import { CONFIGURATION_ACL } from '../objects/configuration-acl.ts';
import { editObjects, requireOpenObjects } from '../objects/edit-objects.ts';
import { getObject } from '../objects/find-object.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { accessorOf } from '../objects/object-access.service.ts';
import { toMetadataObject, toObjectRecord, type ObjectRecord } from '../objects/object-rows.ts';
import { objectWriter } from '../objects/object-writer.repository.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { objectName, placeObject } from '../objects/place-object.ts';
import { journalEntry, recordChange } from '../objects/record-change.ts';
import { parseOperations } from '../users/operations.ts';
import { BASE_LANGUAGES } from './base-languages.ts';
import {
  changeFormats,
  changeLanguage,
  timeIntervalOf,
  type LanguageContent,
  type TimeInterval,
} from './language-definition.ts';
import type { LanguagesService } from './languages.service.ts';

/** Adding and changing the languages of an environment. */
export interface LanguageAuthoring {
  /**
   * @throws AppError `missingPrivilege` without "Configure language settings", `invalid` for a base language that is
   * none, `conflict` for a name that is taken
   */
  create(caller: Caller, body: CreateLanguage): Promise<LanguageView>;
  /** @throws AppError `notFound`, `noAccess`, `invalid` */
  update(caller: Caller, id: string, body: OperationListRequest): Promise<LanguageView>;
  getFormats(caller: Caller, id: string): Promise<TimeInterval>;
  updateFormats(caller: Caller, id: string, body: OperationListRequest): Promise<TimeInterval>;
}

const LOCALE_TYPE = 45;
const CONFIGURE_LANGUAGES = 177;
/** Languages of one base are told apart above the 16 bits of the locale number, as sort orders are. */
const VARIANT = 0x1_00_00;

export function createLanguageAuthoring(context: ObjectContext, languages: LanguagesService): LanguageAuthoring {
  const change = (caller: Caller, id: string, apply: (content: LanguageContent) => LanguageContent) =>
    editObjects(context, 'everything', (tx) => changeObject(context, tx, { caller, id, apply }));
  return {
    async create(caller, body) {
      if (!caller.hasPrivilege(CONFIGURE_LANGUAGES, null)) throw missingPrivilege(privilegeName(CONFIGURE_LANGUAGES));
      const known = await languages.list(caller);
      const id = await editObjects(context, 'everything', (tx) => addObject(context, tx, { caller, body, known }));
      return languages.get(caller, id);
    },

    async update(caller, id, body) {
      const operations = parseOperations(body);
      const after = await change(caller, id, (content) => changeLanguage(content, operations));
      return languages.get(caller, after.id);
    },

    async getFormats(caller, id) {
      const language = await languages.get(caller, id);
      return timeIntervalOf(await definitionOf(context.platform.metadata.reader, language.id));
    },

    async updateFormats(caller, id, body) {
      const operations = parseOperations(body);
      const after = await change(caller, id, (content) => ({
        ...content,
        definition: changeFormats(content.definition, operations),
      }));
      return timeIntervalOf(await definitionOf(context.platform.metadata.reader, after.id));
    },
  };
}

/** Empty for English where it is no object of this environment. */
async function definitionOf(db: Executor<MetadataTables>, id: string): Promise<JsonObject> {
  const body = await objectReader(db).findBody({ scope: CONFIGURATION_SCOPE, id });
  return JSON.parse(body?.definition ?? '{}') as JsonObject;
}

interface Addition {
  readonly caller: Caller;
  readonly body: CreateLanguage;
  readonly known: readonly LanguageView[];
}

async function addObject(
  context: ObjectContext,
  tx: Executor<MetadataTables>,
  { caller, body, known }: Addition,
): Promise<string> {
  const { ids, clock } = context.platform;
  const base = body.baseLanguageLcid;
  if (!BASE_LANGUAGES.some(({ lcid }) => lcid === base) && !known.some(({ lcid }) => lcid === base)) {
    const text = `Invalid value: baseLanguageLcid ${base} is not that of a language. See GET /api/iserver/baseLanguages.`;
    throw new AppError('invalid', text);
  }
  const date = wireDateOfSecond(clock.now());
  const { interfaceLanguageId } = body;
  const record = toObjectRecord({
    projectId: null,
    id: ids.objectId(),
    type: LOCALE_TYPE,
    subtype: defaultSubtype(LOCALE_TYPE),
    name: objectName(body.name),
    description: '',
    abbreviation: '',
    parentId: null,
    ownerId: caller.user.id,
    version: ids.objectId(),
    dateCreated: date,
    dateModified: date,
    hidden: false,
    acl: inheritedAcl(CONFIGURATION_ACL, caller.user.id, false),
    definition: {
      lcid: freeLcid(base, known),
      baseLanguageLcid: base,
      ...(interfaceLanguageId === undefined ? {} : { interfaceLanguageId }),
    },
    uses: [],
    translations: {},
  });
  await write(context, tx, { caller, before: null, record });
  return record.row.id;
}

function freeLcid(base: number, known: readonly LanguageView[]): number {
  const taken = new Set(known.map(({ lcid }) => lcid));
  let lcid = base;
  while (taken.has(lcid)) lcid += VARIANT;
  return lcid;
}

interface Change {
  readonly caller: Caller;
  readonly id: string;
  readonly apply: (content: LanguageContent) => LanguageContent;
}

async function changeObject(
  context: ObjectContext,
  tx: Executor<MetadataTables>,
  { caller, id, apply }: Change,
): Promise<ObjectTable> {
  const { platform, access } = context;
  const before = await getObject(tx, { id, type: LOCALE_TYPE, projectId: null });
  await access.require(tx, accessorOf(caller, before.scope), { object: before, right: RIGHTS.write });
  const body = await objectReader(tx).findBody(before);
  const acl = await objectReader(tx).findAcl(before.acl_id);
  if (body === undefined) throw new AppError('notFound', `There is no language with the id ${id}.`);
  const stored = toMetadataObject(before, body, acl?.entries ?? '[]');
  const { name, description, definition } = apply(stored);
  const record = toObjectRecord({
    ...stored,
    name: objectName(name),
    description,
    definition,
    version: platform.ids.objectId(),
    dateModified: wireDateOfSecond(platform.clock.now()),
  });
  await write(context, tx, { caller, before, record });
  return record.row;
}

async function write(
  context: ObjectContext,
  tx: Executor<MetadataTables>,
  { caller, before, record }: { caller: Caller; before: ObjectTable | null; record: ObjectRecord },
): Promise<void> {
  const accessor = accessorOf(caller, CONFIGURATION_SCOPE);
  await placeObject(context, tx, { object: record.row, before, folderId: undefined, accessor });
  await requireOpenObjects(tx, caller, [record.row]);
  await objectWriter(tx).put(record);
  const kind = before === null ? 'create' : 'update';
  await recordChange(tx, {
    kind,
    user: { id: caller.user.id, name: caller.user.name },
    date: record.row.date_modified,
    entries: journalEntry(kind, before, record.row),
  });
}
