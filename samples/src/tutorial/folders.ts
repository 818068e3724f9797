import { WELL_KNOWN } from '@longshore/domain';
import { grant, idOf, inState, STANDARD_ACL, withInheritance } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';

/** A folder stands under another row's folder, or under one that every project has. */
interface FolderRow extends RowBase {
  readonly under: string;
}

const ROOTS: Readonly<Record<string, string>> = {
  root: WELL_KNOWN.projectRoot,
  'Public Objects': WELL_KNOWN.publicObjects,
  'Shared Reports': WELL_KNOWN.sharedReports,
};

const DEVELOPERS_FULL = grant(idOf('userGroup', 'Developers'), 255);
const FINANCE_VIEW = grant(idOf('userGroup', 'Finance Analysts'), 199);

const folder = (under: string, ...names: string[]): Stated<FolderRow>[] => names.map((name) => ({ name, under }));

const FOLDERS: readonly Stated<FolderRow>[] = [
  ...folder('root', 'Tutorial Schema'),
  ...folder('Tutorial Schema', 'Tutorial Attributes', 'Tutorial Tables', 'Tutorial Columns', 'Tutorial Facts'),
  ...folder('Tutorial Schema', 'Tutorial Functions', 'Tutorial Hierarchies', 'Tutorial Transformations'),
  { name: 'Time', under: 'Tutorial Attributes', names: ['Zeit', 'Temps', 'Tiempo'] },
  ...folder('Tutorial Attributes', 'Geography', 'Products', 'Customers', 'Orders'),
  { name: 'Business Calendar', under: 'Time', only: 'dev', description: 'Periods that are no calendar periods' },
  { name: 'Time (archive)', under: 'Time', only: 'prod' },
  ...folder('Tutorial Tables', 'Lookup Tables', 'Relationship Tables', 'Fact Tables', 'Physical Tables'),
  ...folder('Tutorial Functions', 'Operators', 'Aggregation Functions', 'Date and Text Functions'),
  ...folder('Public Objects', 'Tutorial Metrics', 'Tutorial Filters', 'Tutorial Prompts', 'Tutorial Templates'),
  ...folder('Public Objects', 'Tutorial Groupings', 'Tutorial Searches', 'Drilling and Styles'),
  ...folder('Tutorial Metrics', 'Sales Metrics', 'Count Metrics', 'Customer Metrics', 'Inventory Metrics'),
  ...folder('Tutorial Metrics', 'Time Comparisons', 'Forecast Metrics', 'Base Formulas', 'Subtotals'),
  { name: 'Sustainability Metrics', under: 'Tutorial Metrics', only: 'dev', description: 'Freight and packaging' },
  { name: 'Retired Metrics', under: 'Tutorial Metrics', only: 'prod', hidden: true },
  ...folder('Tutorial Filters', 'Time Filters', 'Product Filters', 'Customer Filters', 'Security Filters'),
  ...folder('Tutorial Prompts', 'Value Prompts', 'Element Prompts', 'Qualification Prompts'),
  {
    name: 'Subject Areas',
    under: 'Shared Reports',
    names: ['Themengebiete', 'Domaines', 'Temas'],
    prod: { acl: withInheritance([...STANDARD_ACL, FINANCE_VIEW]) },
  },
  ...folder('Subject Areas', 'Sales and Profitability Analysis', 'Customer Analysis', 'Inventory and Supply Chain'),
  ...folder('Subject Areas', 'Human Resources Analysis', 'Financial Reporting'),
  {
    name: 'Enterprise Reporting Documents',
    under: 'Shared Reports',
    acl: withInheritance([...STANDARD_ACL, DEVELOPERS_FULL]),
  },
  ...folder('Shared Reports', 'Dashboards', 'Intelligent Cubes', 'Promptable Reports', 'My Starting Points'),
  { name: 'Executive Dashboards', under: 'Dashboards', names: ['Management', 'Direction', 'Dirección'] },
  { name: 'Experiments', under: 'Dashboards', only: 'dev', owner: 'architect' },
];

/** All folders, parents before children. */
export function addFolders(draft: ProjectDraft): void {
  for (const row of inState(FOLDERS, draft.state)) {
    const parentId = ROOTS[row.under] ?? idOf('folder', row.under);
    const acl = row.acl ?? withInheritance(STANDARD_ACL);
    draft.add('folder', { ...row, acl }, { definition: {}, parentId });
  }
}
