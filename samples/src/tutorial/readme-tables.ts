import { PREDEFINED_FOLDERS } from '@longshore/domain';
import { buildTutorial } from './build-tutorial.ts';
import { differencesBetween } from './differences.ts';
import type { Difference } from './differences.ts';
import { KINDS } from './kinds.ts';
import type { DraftObject } from './project-draft.ts';

const MARKS = ['<!-- generated: start -->', '<!-- generated: end -->'] as const;

const count = (objects: readonly DraftObject[], subType: string): number =>
  objects.filter((object) => KINDS[object.kind].subType === subType).length;

function countTable(dev: readonly DraftObject[], prod: readonly DraftObject[]): string[] {
  const rows = Object.values(KINDS)
    .toSorted((a, b) => a.subtype - b.subtype)
    .map((kind) => {
      const inDev = count(dev, kind.subType);
      return `| ${kind.type} | ${kind.subtype} | ${kind.subType} | ${inDev} | ${count(prod, kind.subType)} |`;
    });
  const total = `| | | **all** | **${dev.length}** | **${prod.length}** |`;
  return ['| Type | Subtype | | dev | prod |', '| --- | --- | --- | --- | --- |', ...rows, total];
}

function detailOf({ kind, dev, prod }: Difference, folderName: (id: string) => string): string {
  if (dev === undefined || prod === undefined) return folderName((dev ?? prod)?.parentId ?? '');
  if (kind === 'moved') return `${folderName(dev.parentId)} in dev, ${folderName(prod.parentId)} in prod`;
  if (kind === 'older in prod' || kind === 'newer in prod') {
    return `${dev.dateModified.slice(0, 10)} in dev, ${prod.dateModified.slice(0, 10)} in prod`;
  }
  return kind === 'other ACL' ? `${dev.acl.length} entries in dev, ${prod.acl.length} in prod` : '';
}

function differenceTable(dev: readonly DraftObject[], prod: readonly DraftObject[]): string[] {
  const folders = [...PREDEFINED_FOLDERS, ...dev, ...prod].map((folder) => [folder.id, folder.name] as const);
  const nameById = new Map(folders);
  const rows = differencesBetween(dev, prod).map((difference) => {
    const object = difference.dev ?? difference.prod;
    if (object === undefined) throw new Error('a difference is about an object');
    const detail = detailOf(difference, (id) => nameById.get(id) ?? id);
    return `| ${difference.kind} | ${KINDS[object.kind].subType} | ${object.name} | \`${object.id}\` | ${detail} |`;
  });
  return ['| Difference | Kind | Name | Id | |', '| --- | --- | --- | --- | --- |', ...rows];
}

/** The text with everything between the two marks replaced by the tables of the present data. */
export function withTables(readme: string): string {
  const [start, end] = MARKS;
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the README lacks the marks ${start} and ${end}`);
  const dev = buildTutorial('dev');
  const prod = buildTutorial('prod');
  const tables = [
    '## Prepared differences',
    '',
    ...differenceTable(dev, prod),
    '',
    '## Objects',
    '',
    ...countTable(dev, prod),
  ];
  return `${readme.slice(0, from)}${start}\n\n${tables.join('\n')}\n\n${readme.slice(to)}`;
}
