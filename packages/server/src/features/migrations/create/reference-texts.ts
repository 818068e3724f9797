import type { CreateJob } from '../migration-jobs.ts';
import type { Used } from './kept-references.ts';
import type { PackageSelection, SelectedEntry } from './package-selection.ts';
import type { PackageSource, SourceHeader } from './package-source.repository.ts';

interface Referring {
  readonly selection: PackageSelection;
  readonly job: Pick<CreateJob, 'type' | 'caller'>;
}

/** What entries use, as the JSON texts that stand in their headers; links of users and groups come from their bodies. */
export async function referenceTexts(
  source: PackageSource,
  { selection, job }: Referring,
  entries: readonly SelectedEntry[],
): Promise<readonly string[]> {
  if (job.type === 'project_security') return [];
  const ids = entries.map(({ id }) => id);
  const edgesOf = await loadEdges(source, selection, ids);
  const names = job.caller.bypassesSecurity ? await outsideNames(source, selection, ids) : new Map<string, never>();
  return ids.map(
    (id) =>
      `[${edgesOf(id)
        .map((edge) => referenceText(edge, names.get(edge.toId)?.name))
        .join()}]`,
  );
}

/** As JSON would write a `PackageEntry['references'][number]`; for the many of a package, that takes three times as long. */
function referenceText({ toId, toType }: Used, name: string | undefined): string {
  const known = `{"id":${JSON.stringify(toId)},"type":${toType}`;
  return name === undefined ? `${known}}` : `${known},"name":${JSON.stringify(name)}}`;
}

/** The edges of a batch, from those that the selection has kept where it keeps them. */
async function loadEdges(
  source: PackageSource,
  { references }: PackageSelection,
  ids: readonly string[],
): Promise<(id: string) => readonly Used[]> {
  if (references) {
    await references.load(ids);
    return (id) => references.edgesOf(id);
  }
  const byUser = Map.groupBy(await source.loadReferences(ids), (edge) => edge.fromId);
  return (id) => byUser.get(id) ?? [];
}

/**
 * Names of what objects of the package need and the package does not hold, for the message of an import that misses it.
 * They are told to whoever may see every object; others have been warned of what they may not read.
 */
async function outsideNames(
  source: PackageSource,
  { references }: PackageSelection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SourceHeader>> {
  const outside = references?.outside(ids);
  return outside === undefined || outside.size === 0 ? new Map() : source.loadHeaders([...outside]);
}
