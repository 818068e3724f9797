import {
  checkLoginNames,
  findLoginClashes,
  checkPostImage,
  createPlanner,
  danglingReferences,
  resolveNameClashes,
  type AclEntry,
  type AclOnNew,
  type AclOnReplacing,
  type Issue,
  type NameClash,
  type ObjRef,
  type PlanContext,
  type PlanRow,
  type PostImageFacts,
  type TranslationAction,
  type Warning,
} from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { derivedId } from '../../../platform/ids.ts';
import type { ImportOrder } from '../migration-jobs.ts';
import { createAclBook, type ImportAclBook } from './import-acl-book.ts';
import { loginNames } from './login-names.repository.ts';
import { mergeStagedContacts } from './merge-contacts.ts';
import { mergeStagedTexts } from './merge-texts.ts';
import { nameClashes, type ClashMember } from './name-clash.repository.ts';
import { PLAN_START, planTables } from './plan.repository.ts';
import { postImage, type FactRow } from './post-image.repository.ts';
import { staging } from './staging.repository.ts';
import { targetFacts } from './target.repository.ts';

/** Rows that are in memory at a time: few enough to be gone before the next collection of young objects. */
const CHUNK = 100;

export interface PlanningInput {
  readonly job: ImportOrder;
  readonly scope: string;
  /** Wire date of the import. */
  readonly now: string;
  readonly settings: {
    readonly aclOnReplacingObjects: AclOnReplacing | null;
    readonly aclOnNewObjects: readonly AclOnNew[];
    /** Null where texts in other languages simply go with the object. */
    readonly translationAction: TranslationAction | null;
    /** False: what is missing is told, and does not stop the import. */
    readonly validateDependencies: boolean;
  };
  /** Stages what is not yet staged of the entries that will be written, once they are decided. */
  completeStaging(tx: Executor<MetadataTables>): Promise<void>;
  onProgress(share: number): void;
}

/** The plan of an import. Its decisions stand in `temp.decision`; nothing of the target has been touched. */
export interface ImportPlan {
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
  readonly acls: ImportAclBook;
  /** Entries whose effective rule is keep_both; any of them means that there will be no undo package. */
  readonly undoSuppressedBy: number;
}

/**
 * Decides every staged object against the target as this transaction sees it, then checks the target as it would be.
 * The caller holds the write lock, so what the plan saw is what will be changed.
 */
export async function planImport(tx: Executor<MetadataTables>, input: PlanningInput): Promise<ImportPlan> {
  const { scope, job } = input;
  const tables = planTables(tx, scope);
  await tables.reset();
  if (input.settings.translationAction !== null) {
    await mergeStagedTexts(tx, scope, input.settings.translationAction);
  }
  const lookups = await loadLookups(tx, input);
  const planner = createPlanner(lookups.context);
  const total = Math.max(1, await staging(tx).count());
  let planned = 0;
  for (let position = PLAN_START; ;) {
    const { rows, end } = await tables.loadRows(position, CHUNK);
    if (rows.length === 0) break;
    await lookups.prepare(rows);
    await tables.addDecisions(planner.decide(rows), rows);
    position = end;
    planned += rows.length;
    input.onProgress(planned / total);
  }
  await tables.finish();
  await input.completeStaging(tx);
  const counts = planner.counts();
  if (counts.update_contacts > 0) await mergeStagedContacts(tx, scope);
  const clashes = await settleNames(tx, scope, job.nameClash);
  const needs = await checkNeeds(tx, scope, input.settings.validateDependencies);
  const facts = { ...(await loadFacts(tx, scope)), ...(await loadDeleteFacts(tx, scope, counts.delete)) };
  const after = checkPostImage({ ...facts, missingDependencies: needs.missing });
  const logins = checkLoginNames(findLoginClashes(await loginNames(tx, scope).ofImport()));
  return {
    issues: [...planner.issues(), ...after, ...logins, ...clashes, ...planner.warnings(), ...needs.warnings],
    notes: needs.notes,
    acls: lookups.acls,
    undoSuppressedBy: planner.undoSuppressedBy(),
  };
}

/** What the planner asks for synchronously, loaded chunk by chunk before it is asked. */
async function loadLookups(tx: Executor<MetadataTables>, input: PlanningInput) {
  const target = targetFacts(tx, input.scope);
  const acls = createAclBook();
  acls.learn(await staging(tx).loadAcls());
  const principals = await loadPrincipals(tx, input, acls);
  const folderAcls = new Map<string, string>();
  const askedFolders = new Set<string>();
  const context: PlanContext = {
    settings: {
      aclOnReplacingObjects: input.settings.aclOnReplacingObjects,
      aclOnNewObjects: input.settings.aclOnNewObjects,
      nameClash: input.job.nameClash,
    },
    importerId: input.job.caller.id,
    now: input.now,
    deriveId: (seed) => derivedId(`${input.job.importId} ${seed}`),
    principalExists: (id) => principals.has(id),
    acls,
    existingFolderAcl: (folderId) => folderAcls.get(folderId) ?? null,
  };
  const prepare = async (rows: readonly PlanRow[]): Promise<void> => {
    const parents = rows.flatMap(({ incoming: { parentId } }) =>
      parentId === null || askedFolders.has(parentId) ? [] : [parentId],
    );
    const found = await target.loadFolderAcls([...new Set(parents)]);
    for (const id of parents) askedFolders.add(id);
    for (const [id, aclId] of found) folderAcls.set(id, aclId);
    const needed = [...rows.flatMap((row) => row.existing?.aclId ?? []), ...found.values()];
    const unknown = [...new Set(needed)].filter((aclId) => !acls.has(aclId));
    if (unknown.length === 0) return;
    const loaded = await target.loadAcls(unknown);
    acls.learn(loaded);
    const trustees = [...loaded.keys()].flatMap((aclId) => acls.get(aclId).map((entry: AclEntry) => entry.trusteeId));
    for (const id of await target.loadPrincipals([...new Set(trustees)])) principals.add(id);
  };
  return { context, acls, prepare };
}

async function loadPrincipals(
  tx: Executor<MetadataTables>,
  input: PlanningInput,
  acls: ImportAclBook,
): Promise<Set<string>> {
  const staged = staging(tx);
  const trustees = [...acls.texts().keys()].flatMap((aclId) => acls.get(aclId).map((entry) => entry.trusteeId));
  const asked = new Set([...trustees, ...(await staged.loadOwners()), input.job.caller.id]);
  const known = await targetFacts(tx, input.scope).loadPrincipals([...asked]);
  for (const id of await staged.loadPrincipals()) known.add(id);
  return known;
}

/** Renames what would take another object's name, or says that it may not be (README decision 11). */
async function settleNames(
  tx: Executor<MetadataTables>,
  scope: string,
  policy: ImportOrder['nameClash'],
): Promise<readonly Issue[]> {
  const repository = nameClashes(tx, scope);
  const members = await repository.loadMembers();
  const clashes: NameClash[] = [];
  for (const group of Map.groupBy(members, clashKey).values()) {
    const [first] = group;
    if (!first) continue;
    clashes.push({
      parentId: first.parentId,
      type: first.type,
      name: first.name,
      members: group.map(({ id, decided }) => ({ id, decided })),
      siblingNames: await repository.loadSiblingNames(first),
    });
  }
  const { renames, issues } = resolveNameClashes(clashes, policy);
  for (const { id, name } of renames) await planTables(tx, scope).rename(id, name);
  return issues;
}

const clashKey = (member: ClashMember): string => `${member.parentId}/${member.type}/${member.name.toLowerCase()}`;

const refOf = (row: FactRow): ObjRef => ({ id: row.id, type: row.type, name: row.name });
const otherOf = (row: FactRow): ObjRef => ({ id: row.otherId, type: row.otherType ?? 0, name: row.otherName });

interface Needs {
  readonly missing: PostImageFacts['missingDependencies'];
  readonly warnings: readonly Warning[];
  readonly notes: readonly string[];
}

/** What would be missing: as facts that stop the import, or as warnings, all of which are at least counted. */
async function checkNeeds(tx: Executor<MetadataTables>, scope: string, isRequired: boolean): Promise<Needs> {
  const facts = postImage(tx, scope);
  if (isRequired) return { missing: (await facts.loadMissingDependencies()).map(missingOf), warnings: [], notes: [] };
  const rows = await facts.loadDanglingReferences();
  const untold = (rows[0]?.total ?? 0) - rows.length;
  return {
    missing: [],
    warnings: danglingReferences(rows.map((row) => ({ ...missingOf(row), objectCount: row.objectCount }))),
    notes: untold > 0 ? [`${untold} more objects are needed but not on the target.`] : [],
  };
}

const missingOf = (row: FactRow) => ({
  user: refOf(row),
  missing: { id: row.otherId, type: row.otherType, name: row.otherName },
});

async function loadFacts(
  tx: Executor<MetadataTables>,
  scope: string,
): Promise<Pick<PostImageFacts, 'missingParents' | 'folderCycles'>> {
  const facts = postImage(tx, scope);
  return {
    missingParents: (await facts.loadMissingParents()).map((row) => ({ object: refOf(row), parentId: row.otherId })),
    folderCycles: (await facts.loadFolderCycles()).map(refOf),
  };
}

/** Where nothing is deleted, nothing is looked for. */
async function loadDeleteFacts(
  tx: Executor<MetadataTables>,
  scope: string,
  deletes: number,
): Promise<Pick<PostImageFacts, 'usedDeletes' | 'nonEmptyFolderDeletes'>> {
  if (deletes === 0) return { usedDeletes: [], nonEmptyFolderDeletes: [] };
  const facts = postImage(tx, scope);
  return {
    usedDeletes: (await facts.loadUsedDeletes()).map((row) => ({ deleted: refOf(row), user: otherOf(row) })),
    nonEmptyFolderDeletes: (await facts.loadNonEmptyFolderDeletes()).map((row) => ({
      folder: refOf(row),
      child: otherOf(row),
    })),
  };
}
