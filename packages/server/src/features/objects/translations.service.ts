import { AppError, type TranslationOperation, type Translations } from '@longshore/contracts';
import { isUser, OBJECT_TYPES, RIGHTS, USER_TYPE, type JsonObject } from '@longshore/domain';
import { wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { editObjects, requireOpenObjects } from './edit-objects.ts';
import { getObject } from './find-object.ts';
import type { ObjectContext } from './get-object.service.ts';
import { accessorOf } from './object-access.service.ts';
import { toMetadataObject, toObjectRecord } from './object-rows.ts';
import { objectWriter } from './object-writer.repository.ts';
import { objectReader } from './objects.repository.ts';
import { placeObject } from './place-object.ts';
import { journalEntry, recordChange } from './record-change.ts';
import { applyTranslationOperations, toTranslations, type TranslatedTexts } from './translation-operations.ts';

export interface TranslationsRequest {
  readonly caller: Caller;
  readonly projectId: string | null;
  /** Lower-case API name of the type, e.g. `report_definition`, or its number. */
  readonly typeName: string;
  readonly id: string;
}

export interface TranslationsService {
  get(request: TranslationsRequest): Promise<Translations>;
  change(request: TranslationsRequest, operations: readonly TranslationOperation[]): Promise<Translations>;
}

/** Reads and changes what an object is called in other languages. */
export function createTranslationsService(context: ObjectContext): TranslationsService {
  const { platform, access } = context;
  return {
    async get(request) {
      const db = platform.metadata.reader;
      const object = await getObject(db, { ...request, type: typeNumber(request.typeName) });
      await access.require(db, accessorOf(request.caller, object.scope), { object, right: RIGHTS.read });
      return toTranslations(await textsOf(db, object));
    },
    async change(request, operations) {
      const address = { ...request, type: typeNumber(request.typeName) };
      return editObjects(context, [address], async (tx) => {
        const object = await getObject(tx, address);
        const accessor = accessorOf(request.caller, object.scope);
        await access.require(tx, accessor, { object, right: RIGHTS.read });
        await access.require(tx, accessor, { object, right: RIGHTS.write });
        const before = await textsOf(tx, object);
        const after = applyTranslationOperations(before, operations);
        if (object.type === USER_TYPE && after.name !== before.name) throw renamedUser(object);
        await writeTexts(context, tx, { object, texts: after, caller: request.caller });
        return toTranslations(after);
      });
    },
  };
}

function typeNumber(name: string): number {
  const known = OBJECT_TYPES.find((type) => type.apiName === name.toLowerCase() || String(type.number) === name);
  if (known) return known.number;
  throw new AppError('notFound', `There is no object type named '${name}'.`);
}

const renamedUser = (object: ObjectTable): AppError =>
  new AppError(
    'invalid',
    `'${object.name}' (${object.id}) is a ${isUser(object) ? 'user' : 'group'}: change its name under /api/users or /api/usergroups.`,
  );

async function textsOf(db: Executor<MetadataTables>, object: ObjectTable): Promise<TranslatedTexts> {
  const body = await objectReader(db).findBody(object);
  const translations = JSON.parse(body?.translations ?? '{}') as JsonObject;
  return { name: object.name, description: object.description, translations };
}

async function writeTexts(
  context: ObjectContext,
  tx: Executor<MetadataTables>,
  change: { readonly object: ObjectTable; readonly texts: TranslatedTexts; readonly caller: Caller },
): Promise<void> {
  const { object, texts, caller } = change;
  const { platform } = context;
  const body = await objectReader(tx).findBody(object);
  const acl = await objectReader(tx).findAcl(object.acl_id);
  if (body === undefined) return;
  const date = wireDateOfSecond(platform.clock.now());
  const record = toObjectRecord({
    ...toMetadataObject(object, body, acl?.entries ?? '[]'),
    ...texts,
    version: platform.ids.objectId(),
    dateModified: date,
  });
  const accessor = accessorOf(caller, object.scope);
  await placeObject(context, tx, { object: record.row, before: object, folderId: undefined, accessor });
  await requireOpenObjects(tx, caller, [record.row]);
  await objectWriter(tx).put(record);
  await recordChange(tx, {
    kind: 'translate',
    user: { id: caller.user.id, name: caller.user.name },
    date,
    entries: journalEntry('update', object, record.row),
  });
}
