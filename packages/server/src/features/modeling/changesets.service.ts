import { AppError, type ChangesetView, type CommitChangeset } from '@longshore/contracts';
import { wireDate, wireDateOfSecond } from '../../platform/clock.ts';
import type { Executor } from '../../platform/db/database.ts';
import type { ChangesetTable, MetadataTables } from '../../platform/db/metadata-schema.ts';
import type { Caller } from '../../platform/http/access.ts';
import { internAcl } from '../../platform/hash.ts';
import { aclRepository } from '../objects/acls.repository.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { requireOpenProject } from '../project-lock/find-foreign-project-lock.ts';
import type { EndedSessions } from '../schema-lock/ended-sessions.ts';
import { describeSchemaLock, requireOpenSchema } from '../schema-lock/find-foreign-schema-lock.ts';
import { schemaLocks } from '../schema-lock/schema-locks.repository.ts';
import { changesetObjects, changesets, type StagedObject } from './changesets.repository.ts';
import { getChangeset } from './get-changeset.ts';
import { journalModels } from './journal-models.ts';
import { ModelAuthor } from './model-author.ts';
import { areaOf, requireModelingPrivilege } from './modeling-privileges.ts';
import { refuseUsedRemovals } from './refuse-used-removals.ts';
import { requireExistingProject } from './require-project.ts';
import { storedModels } from './stored-models.repository.ts';

/** The use cases of `/api/model/changesets`. */
export interface ChangesetsService {
  /**
   * Opens a changeset; one for schema objects locks the schema for itself until it is deleted.
   * @throws AppError `busy` when the schema is locked, `missingPrivilege` for who may not lock it
   */
  open(caller: Caller, projectId: string, options: { readonly schemaEdit: boolean }): Promise<ChangesetView>;
  get(caller: Caller, id: string): Promise<ChangesetView>;
  /** Writes all of it or nothing; the changeset stays open and keeps its lock. */
  commit(caller: Caller, id: string, body: CommitChangeset): Promise<ChangesetView>;
  /** Discards what is not committed. @throws AppError `notFound` */
  remove(caller: Caller, id: string): Promise<void>;
}

const MOST_OF_A_SESSION = 100;

export function createChangesetsService(context: ObjectContext, ended: EndedSessions): ChangesetsService {
  const { platform } = context;
  return {
    async open(caller, projectId, { schemaEdit }) {
      await requireExistingProject(platform.metadata.reader, projectId);
      // It locks the schema for everybody else, imports included.
      if (schemaEdit) requireModelingPrivilege(caller, projectId, 'schema');
      await ended.release();
      const date = wireDate(platform.clock.now());
      const changeset: ChangesetTable = {
        id: platform.ids.objectId(),
        project_id: projectId,
        session_id: caller.sessionId,
        user_id: caller.user.id,
        user_name: caller.user.name,
        schema_edit: Number(schemaEdit),
        date_created: date,
        date_modified: date,
      };
      await platform.metadata.write(async (tx) => {
        await refuseTooMany(tx, caller);
        if (schemaEdit) await lockSchema(tx, changeset);
        await changesets(tx).insert(changeset);
      }, projectId);
      return toView(changeset);
    },

    async get(caller, id) {
      return toView(await getChangeset(platform.metadata.reader, caller, id));
    },

    async commit(caller, id, body) {
      await ended.release();
      const { project_id: projectId } = await getChangeset(platform.metadata.reader, caller, id);
      return platform.metadata.write(async (tx) => {
        const changeset = await getChangeset(tx, caller, id);
        await applyChangeset(context, tx, { changeset, caller, comment: body.changeJournal?.userComments });
        const date = wireDate(platform.clock.now());
        await changesetObjects(tx, changeset.id).clear();
        await changesets(tx).setModified(changeset.id, date);
        return toView({ ...changeset, date_modified: date });
      }, projectId);
    },

    async remove(caller, id) {
      const { project_id: projectId } = await getChangeset(platform.metadata.reader, caller, id);
      await platform.metadata.write(async (tx) => {
        const changeset = await getChangeset(tx, caller, id);
        // In the order in which ended sessions lose what they hold: nobody waits in a circle for a row.
        await changesetObjects(tx, changeset.id).clear();
        await changesets(tx).remove(changeset.id);
        await schemaLocks(tx).removeOfChangeset(changeset.id);
      }, projectId);
    },
  };
}

async function refuseTooMany(tx: Executor<MetadataTables>, caller: Caller): Promise<void> {
  if ((await changesets(tx).countOfSession(caller.sessionId)) < MOST_OF_A_SESSION) return;
  throw new AppError('invalid', `This session has ${MOST_OF_A_SESSION} open changesets. Delete those that are done.`);
}

async function lockSchema(tx: Executor<MetadataTables>, changeset: ChangesetTable): Promise<void> {
  const existing = await schemaLocks(tx).find(changeset.project_id);
  if (existing) throw new AppError('busy', describeSchemaLock(existing));
  await schemaLocks(tx).put({
    project_id: changeset.project_id,
    lock_type: 'exclusive_constituent',
    session_id: changeset.session_id,
    changeset_id: changeset.id,
    owner_id: changeset.user_id,
    owner_name: changeset.user_name,
    date: `${changeset.date_created.slice(0, 'yyyy-MM-ddTHH:mm:ss'.length)}.000+0000`,
  });
}

interface Commit {
  readonly changeset: ChangesetTable;
  readonly caller: Caller;
  readonly comment: string | undefined;
}

/** Everything is checked again over the state that the commit leaves: much can have happened since it was staged. */
async function applyChangeset(
  context: ObjectContext,
  tx: Executor<MetadataTables>,
  { changeset, caller, comment }: Commit,
): Promise<void> {
  const store = storedModels(tx, changeset.project_id);
  const author = new ModelAuthor(context, tx, { store, caller });
  const staged = await changesetObjects(tx, changeset.id).list();
  await aclRepository(tx).internAll(staged.flatMap(({ object }) => (object === null ? [] : [internAcl(object.acl)])));
  for (const one of staged) await applyStaged(author, one, caller);
  if (author.changes.length === 0) return;
  await requireOpenProject(tx, changeset.project_id, caller.sessionId);
  if (author.changesSchema) {
    await requireOpenSchema(tx, {
      projectId: changeset.project_id,
      changeset: { id: changeset.id, schemaEdit: changeset.schema_edit === 1 },
    });
  }
  await author.check();
  await refuseUsedRemovals(tx, author);
  const date = wireDateOfSecond(context.platform.clock.now());
  await journalModels(tx, { caller, date, comment, changes: author.changes });
}

async function applyStaged(author: ModelAuthor, staged: StagedObject, caller: Caller): Promise<void> {
  const { id, name, object, baseVersion } = staged;
  const current = await author.store.find(id);
  if ((current?.row.version ?? null) !== baseVersion) {
    const what = current === undefined ? 'deleted' : 'changed';
    throw new AppError(
      'busy',
      `'${name}' (${id}) was ${what} after this changeset had changed it. Delete the changeset and make the change again.`,
    );
  }
  if (object === null) return current && author.remove(current);
  if (current === undefined) requireModelingPrivilege(caller, author.store.projectId, areaOf(object.type));
  await author.put(current ?? null, object);
}

const LOCALE = 'en-US';

const modelingDate = (date: string): string => date.replace('+0000', 'Z');

function toView(changeset: ChangesetTable): ChangesetView {
  return {
    id: changeset.id,
    type: 'metadata',
    dateCreated: modelingDate(changeset.date_created),
    dateModified: modelingDate(changeset.date_modified),
    status: 'Ready',
    schemaEdit: changeset.schema_edit === 1,
    mstrProjectId: changeset.project_id,
    mstrUserId: changeset.user_id,
    userName: changeset.user_name,
    userDateNumberLocale: LOCALE,
    userMetadataLocale: LOCALE,
    userWarehouseLocale: LOCALE,
  };
}
