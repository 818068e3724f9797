import { grant, idOf, inState, STANDARD_ACL, withInheritance } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';

/** A folder stands under another row's folder, or under one that every project has (Attributes, Metrics, Reports, …). */
interface FolderRow extends RowBase {
  readonly under: string;
}

const DEVELOPERS_FULL = grant(idOf('userGroup', 'Developers'), 255);
const FINANCE_VIEW = grant(idOf('userGroup', 'Finance Analysts'), 199);

const folder = (under: string, ...names: string[]): Stated<FolderRow>[] => names.map((name) => ({ name, under }));

const FOLDERS: readonly Stated<FolderRow>[] = [
  { name: 'Time', under: 'Attributes', names: ['Zeit', 'Temps', 'Tiempo'] },
  ...folder('Attributes', 'Geography', 'Products', 'Customers', 'Orders'),
  { name: 'Business Calendar', under: 'Time', only: 'dev', description: 'Periods that are no calendar periods' },
  { name: 'Time (archive)', under: 'Time', only: 'prod' },
  ...folder('Tables', 'Lookup Tables', 'Relationship Tables', 'Fact Tables'),
  ...folder('Functions and Operators', 'Operators', 'Aggregation Functions', 'Date and Text Functions'),
  ...folder('Public Objects', 'Drilling and Styles'),
  ...folder('Metrics', 'Sales Metrics', 'Count Metrics', 'Customer Metrics', 'Inventory Metrics'),
  ...folder('Metrics', 'Time Comparisons', 'Forecast Metrics', 'Base Formulas'),
  { name: 'Sustainability Metrics', under: 'Metrics', only: 'dev', description: 'Freight and packaging' },
  { name: 'Retired Metrics', under: 'Metrics', only: 'prod', hidden: true },
  ...folder('Filters', 'Time Filters', 'Product Filters', 'Customer Filters', 'Security Filters'),
  ...folder('Prompts', 'Value Prompts', 'Element Prompts', 'Qualification Prompts'),
  {
    name: 'Subject Areas',
    under: 'Reports',
    names: ['Themengebiete', 'Domaines', 'Temas'],
    prod: { acl: withInheritance([...STANDARD_ACL, FINANCE_VIEW]) },
  },
  ...folder('Subject Areas', 'Sales and Profitability Analysis', 'Customer Analysis', 'Inventory and Supply Chain'),
  ...folder('Subject Areas', 'Human Resources Analysis', 'Financial Reporting'),
  {
    name: 'Enterprise Reporting Documents',
    under: 'Reports',
    acl: withInheritance([...STANDARD_ACL, DEVELOPERS_FULL]),
  },
  ...folder('Reports', 'Dashboards', 'Intelligent Cubes', 'Promptable Reports', 'My Starting Points'),
  { name: 'Executive Dashboards', under: 'Dashboards', names: ['Management', 'Direction', 'Dirección'] },
  { name: 'Experiments', under: 'Dashboards', only: 'dev', owner: 'Tutorial Architect' },
];

/** All folders, parents before children. */
export function addFolders(draft: ProjectDraft): void {
  for (const row of inState(FOLDERS, draft.state)) {
    const acl = row.acl ?? withInheritance(STANDARD_ACL);
    draft.add('folder', { ...row, acl }, { definition: {}, parentId: idOf('folder', row.under) });
  }
}
