import type { CreateJob } from '../migration-jobs.ts';
import { referenceText } from './kept-references.ts';
import type { PackageSelection, SelectedEntry } from './package-selection.ts';
import type { PackageSource } from './package-source.repository.ts';

interface Referring {
  readonly selection: PackageSelection;
  readonly job: Pick<CreateJob, 'type' | 'caller'>;
}

/**
 * What entries use, as the JSON texts that stand in their headers; links of users and groups come from their bodies.
 * Names of what the package does not hold are there for the message of an import that misses it. They are told to
 * whoever may see every object; others have been warned of what they may not read.
 */
export async function referenceTexts(
  source: PackageSource,
  { selection, job }: Referring,
  entries: readonly SelectedEntry[],
): Promise<readonly string[]> {
  if (job.type === 'project_security') return [];
  const ids = entries.map(({ id }) => id);
  if (!selection.references) return unkeptTexts(source, ids);
  const references = await selection.references.of(ids);
  const isNamed = job.caller.bypassesSecurity && references.outside.size > 0;
  return references.texts(isNamed ? await namesOf(source, references.outside) : new Map());
}

/** Of a package that holds all that can be held: each reference is asked for once. */
async function unkeptTexts(source: PackageSource, ids: readonly string[]): Promise<string[]> {
  const byUser = Map.groupBy(await source.loadReferences(ids), ([fromId]) => fromId);
  return ids.map((id) => {
    const texts = byUser.get(id)?.map(([, toId, toType]) => referenceText(JSON.stringify(toId), toType, undefined));
    return `[${texts?.join() ?? ''}]`;
  });
}

async function namesOf(source: PackageSource, ids: ReadonlySet<string>): Promise<Map<string, string>> {
  return new Map([...(await source.loadHeaders([...ids])).values()].map(({ id, name }) => [id, name]));
}
