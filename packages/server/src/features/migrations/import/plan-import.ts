import {
  checkLoginNames,
  findLoginClashes,
  checkPostImage,
  createPlanner,
  danglingReferences,
  resolveNameClashes,
  type AclOnNew,
  type AclOnReplacing,
  type Issue,
  type NameClash,
  type ObjRef,
  type PlanContext,
  type Planner,
  type PlanRow,
  type PostImageFacts,
  type TranslationAction,
  type Warning,
} from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { derivedId } from '../../../platform/ids.ts';
import type { ImportOrder } from '../migration-jobs.ts';
import { createAclBook } from './import-acl-book.ts';
import { findFolderCircles } from './folder-circles.repository.ts';
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
    await lookups.prepare(rows, planner);
    await tables.addDecisions(planner.decide(rows), rows);
    await lookups.keepMade();
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
    undoSuppressedBy: planner.undoSuppressedBy(),
  };
}

/** Characters of access control lists that are in memory beside those of one chunk; hardly any package has so many. */
const MOST_CHARACTERS_OF_ACLS = 8 * 1024 * 1024;

/** What the planner asks for synchronously, loaded chunk by chunk before it is asked. */
async function loadLookups(tx: Executor<MetadataTables>, input: PlanningInput) {
  const target = targetFacts(tx, input.scope);
  const staged = staging(tx);
  const acls = createAclBook();
  const principals = await loadPrincipals(tx, input);
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
  const loadFolders = async (rows: readonly PlanRow[]): Promise<void> => {
    const parents = rows.flatMap(({ incoming: { parentId } }) =>
      parentId === null || askedFolders.has(parentId) ? [] : [parentId],
    );
    const found = await target.loadFolderAcls([...new Set(parents)]);
    for (const id of parents) askedFolders.add(id);
    for (const [id, aclId] of found) folderAcls.set(id, aclId);
  };
  const prepare = async (rows: readonly PlanRow[], planner: Planner): Promise<void> => {
    if (acls.characters > MOST_CHARACTERS_OF_ACLS) {
      planner.forgetAcls();
      acls.clear();
    }
    await loadFolders(rows);
    const unknown = aclsOf(rows, planner).filter((aclId) => !acls.has(aclId));
    if (unknown.length === 0) return;
    acls.learn(await staged.loadAcls(unknown));
    const elsewhere = unknown.filter((aclId) => !acls.has(aclId));
    if (elsewhere.length > 0) acls.learn(await target.loadAcls(elsewhere));
  };
  /** What was made of lists goes to those of the package, to be loaded again and to be written. */
  const keepMade = (): Promise<void> => staged.addAcls(acls.takeMade());
  return { context, prepare, keepMade };
}

/** Keys of the access control lists that decisions about the rows may need: their own, and those of their folders. */
function aclsOf(rows: readonly PlanRow[], planner: Planner): string[] {
  const aclIds = new Set<string>();
  const addFolder = (folderId: string | null): void => {
    const aclId = folderId === null ? null : planner.folderAcl(folderId);
    if (aclId !== null) aclIds.add(aclId);
  };
  for (const { incoming, existing } of rows) {
    aclIds.add(incoming.aclId);
    addFolder(incoming.parentId);
    if (existing === null) continue;
    aclIds.add(existing.aclId);
    addFolder(existing.parentId);
  }
  return [...aclIds];
}

/** Owners of the package's objects, and whom their lists are about, as far as the target has them after the import. */
async function loadPrincipals(tx: Executor<MetadataTables>, input: PlanningInput): Promise<Set<string>> {
  const staged = staging(tx);
  const target = targetFacts(tx, input.scope);
  const known = await target.loadPrincipals([...(await staged.loadOwners()), input.job.caller.id]);
  for (const id of await target.loadTrustees()) known.add(id);
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
    folderCycles: await findFolderCircles(tx, scope),
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
