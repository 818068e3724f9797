import {
  createMergeRules,
  FOLDER_TYPE,
  isMergeable,
  isSystemObject,
  type ConflictAction,
  type MergeSettings,
  type RuledObject,
} from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { MergeOptions } from '../migration-jobs.ts';
import { folderTree, type FolderTree } from './folder-tree.ts';
import {
  inBatches,
  SELECTION_BATCH,
  type Choice,
  type LeftOut,
  type PackageSelection,
  type SelectedEntry,
} from './package-selection.ts';
import { packageSource, type SourceHeader } from './package-source.repository.ts';
import { projectSource, type ProjectSource } from './project-source.repository.ts';

/**
 * Everything that a project holds, for a merge (spec/semantics.md 5). Folders come first, top-down, then all other
 * objects page by page: only the folders are in memory. Each object gets the rule that the settings have for it.
 * Predefined folders and system objects are there for the target that lacks them, and under no rule.
 */
export async function selectProject(
  snapshot: Executor<MetadataTables>,
  scope: string,
  { defaultAction, merge }: { readonly defaultAction: ConflictAction; readonly merge: MergeOptions },
): Promise<PackageSelection> {
  const source = projectSource(snapshot, scope);
  const ruled = [...merge.folderActions, ...merge.objectActions].map((rule) => rule.id);
  const found = await packageSource(snapshot, scope).loadHeaders(ruled);
  const tree = folderTree(await source.loadFolders());
  const toEntry = ruledEntries(tree, { ...merge, defaultAction });
  return {
    batches: () => batches(source, tree, toEntry),
    // Only the folders are kept.
    release: () => undefined,
    absent: [],
    leftOut: [...rulesWithoutObject(found, merge), ...(await leftBehind(source))],
    counts: await countEntries(source, tree),
  };
}

type ToEntry = (header: SourceHeader) => SelectedEntry;

function ruledEntries(tree: FolderTree, settings: MergeSettings): ToEntry {
  const actionOf = createMergeRules(settings);
  return (header) => {
    const isSystem = isSystemObject(header);
    const ruled: RuledObject = { ...header, ancestorIds: tree.ancestorsOf(header) };
    const choice: Choice = {
      role: isSystem ? 'ancestor' : 'content',
      action: isSystem ? 'use_existing' : actionOf(ruled),
      explicitIncluded: false,
      includeDependents: false,
    };
    return { id: header.id, choice };
  };
}

async function* batches(
  source: ProjectSource,
  tree: FolderTree,
  toEntry: ToEntry,
): AsyncGenerator<readonly SelectedEntry[]> {
  for (const folders of inBatches(tree.topDown)) yield folders.map(toEntry);
  for (let after = ''; ;) {
    const page = await source.loadPage(after, SELECTION_BATCH);
    const last = page.at(-1);
    if (!last) return;
    const entries = page.filter((header) => isMergeable(header.type, header.subtype)).map(toEntry);
    if (entries.length > 0) yield entries;
    after = last.id;
  }
}

async function countEntries(source: ProjectSource, tree: FolderTree): Promise<PackageSelection['counts']> {
  let content = tree.topDown.filter((folder) => !isSystemObject(folder)).length;
  let ancestors = tree.topDown.length - content;
  for (const { type, subtype, count } of await source.countBySubtype()) {
    if (type === FOLDER_TYPE || !isMergeable(type, subtype)) continue;
    // Only folders and people are system objects by their id, and neither is counted here.
    if (isSystemObject({ id: '', type, subtype })) ancestors += count;
    else content += count;
  }
  return { content, dependents: 0, ancestors };
}

/** What stays behind, and what the target will have to have by itself. */
async function leftBehind(source: ProjectSource): Promise<LeftOut[]> {
  const kinds = (await source.countBySubtype()).filter(({ type, subtype }) => !isMergeable(type, subtype));
  const unsupported = kinds.length === 0 ? [] : await source.loadOfSubtypes(kinds.map((kind) => kind.subtype));
  return [
    ...unsupported
      .filter(({ type, subtype }) => !isMergeable(type, subtype))
      .map(({ id, type, name }): LeftOut => ({ id, type, name, why: 'unsupported' })),
    ...(await source.loadDangling()).map(({ id, type }): LeftOut => ({ id, type, name: '', why: 'missing' })),
  ];
}

/** A rule for an object that is not there is most likely a mistyped id. */
function rulesWithoutObject(found: ReadonlyMap<string, SourceHeader>, merge: MergeOptions): LeftOut[] {
  const ids = [...merge.folderActions, ...merge.objectActions].map((rule) => rule.id);
  const folders = new Set(merge.folderActions.map((rule) => rule.id));
  return [...new Set(ids)].flatMap((id): LeftOut[] => {
    const header = found.get(id);
    const isMeant = header && (header.type === FOLDER_TYPE || !folders.has(id));
    return isMeant ? [] : [{ id, type: header?.type ?? null, name: header?.name ?? '', why: 'ruleWithoutObject' }];
  });
}
