import type { Migration } from '@longshore/client';
import type { ConsoleEnvironment, CreateGroupBody } from '@longshore/contracts';
import { texts } from '../../../texts/index.ts';

const t = texts.groups.dialog;

/** A package, or a member of a group, of which a group can be made. */
export type Groupable = Pick<Migration, 'id' | 'packageInfo'>;

/** Why these packages make no group; null when they do (spec/api.md 2.8). */
export function problemOf(name: string, chosen: readonly Groupable[]): string | null {
  if (name.trim() === '') return texts.newPackage.missing.name;
  if (chosen.length === 0) return t.few;
  const projects = chosen.map(({ packageInfo }) => packageInfo.project?.name ?? texts.groups.configuration);
  const twice = projects.find((project, index) => projects.indexOf(project) !== index);
  return twice === undefined ? null : t.tooMany(twice);
}

export interface NewGroup {
  readonly name: string;
  readonly source: ConsoleEnvironment;
  readonly target: ConsoleEnvironment;
  /** Read with their content. */
  readonly records: readonly Groupable[];
}

/** The group of what the packages hold, configuration first: otherwise the metadata could be damaged. */
export function groupBodyOf({ name, source, target, records }: NewGroup): CreateGroupBody {
  const ordered = records.toSorted((a, b) => Number(isProject(a)) - Number(isProject(b)));
  return {
    name: name.trim(),
    sourceEnvironment: { id: source.url, name: source.name },
    targetEnvironment: { id: target.url, name: target.name },
    treeView: {},
    migrations: ordered.map(memberOf),
  } as CreateGroupBody;
}

const isProject = ({ packageInfo }: Groupable): boolean => packageInfo.type !== 'configuration';

function memberOf(record: Groupable) {
  const { type, project, tocView = {} } = record.packageInfo;
  const content = (tocView.content ?? [])
    .filter(({ explicitIncluded }) => explicitIncluded !== false)
    .map(({ id, type: objectType, action, includeDependents }) => ({
      id,
      type: objectType,
      action,
      includeDependents: includeDependents ?? false,
    }));
  const ref = isProject(record) ? { project } : {};
  return { packageInfo: { type, ...ref, tocView: { settings: tocView.settings, content } }, importInfo: ref };
}
