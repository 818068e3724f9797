import type { JsonObject, Reference } from '@longshore/domain';
import type { Kind } from './kinds.ts';
import { grant, idOf, inState, link, STANDARD_ACL, usesOf } from './project-draft.ts';
import type { Link, ProjectDraft, RowBase, Stated } from './project-draft.ts';
import { stableId } from './stable-values.ts';

/** One visualization: its type, the attributes and the metrics it shows, as comma lists. */
type Visualization = readonly [type: string, attributes: string, metrics: string];

interface DashboardRow extends RowBase {
  readonly cubes?: readonly string[];
  readonly reports?: readonly string[];
  /** Pages by title. */
  readonly pages: Readonly<Record<string, readonly Visualization[]>>;
  readonly selectors?: readonly string[];
  readonly linksTo?: readonly string[];
}

type Row = Stated<DashboardRow>;

const SALES_CUBE = 'Year, Category Analysis';
const FORECAST_CUBE = 'Actual vs Forecast Performance Cube';

const overview = (attribute: string, metrics: string): Row['pages'] => ({
  Overview: [
    ['bar_chart', attribute, metrics],
    ['kpi', '', metrics],
  ],
  Details: [['grid', attribute, metrics]],
});

const DASHBOARDS: readonly Row[] = [
  {
    name: 'Sales Overview',
    folder: 'Executive Dashboards',
    cubes: [SALES_CUBE],
    pages: overview('Year, Region', 'Revenue, Profit'),
    selectors: ['Year', 'Category'],
    names: ['Vertriebsübersicht', 'Vue des ventes', 'Resumen de ventas'],
    dateModified: '2022-10-05T13:40:00.000+0000',
    prod: { editedAt: '2020-04-22T08:15:30.000+0000', selectors: ['Year'] },
  },
  {
    name: 'Forecast Tracker',
    folder: 'Executive Dashboards',
    cubes: [FORECAST_CUBE],
    pages: { ...overview('Month', 'Revenue, Revenue Forecast'), Margins: [['line_chart', 'Month', 'Profit Margin']] },
    linksTo: ['Sales Overview'],
  },
  {
    name: 'Category Breakdown',
    folder: 'Dashboards',
    cubes: [SALES_CUBE],
    pages: { Categories: [['heat_map', 'Category', 'Revenue, Profit']], Regions: [['map', 'Region', 'Revenue']] },
    selectors: ['Region'],
  },
  {
    name: 'Customer Insights',
    folder: 'Dashboards',
    cubes: ['Customer Cube'],
    reports: ['Customers by Income Bracket'],
    pages: overview('Income Bracket, Customer City', 'Revenue, Order Count'),
    dateModified: '2019-05-05T05:05:05.000+0000',
    prod: { editedAt: '2022-12-24T12:24:12.000+0000', selectors: ['Income Bracket'] },
  },
  {
    name: 'Inventory Control',
    folder: 'Dashboards',
    cubes: ['Inventory Cube'],
    pages: overview('Supplier, Item', 'Stock Turnover'),
    prod: { folder: 'Executive Dashboards' },
  },
  {
    name: 'Call Center Performance',
    folder: 'Dashboards',
    cubes: [FORECAST_CUBE, 'Employee Cube'],
    pages: overview('Call Center', 'Revenue'),
    selectors: ['Region', 'Manager'],
  },
  {
    name: 'Human Resources',
    folder: 'Dashboards',
    cubes: ['Employee Cube'],
    reports: ['Length of Employment'],
    pages: overview('Manager, Employee', 'Revenue, Average Revenue per Employee'),
    acl: [grant(idOf('userGroup', 'Human Resources'), 255), ...STANDARD_ACL.slice(1)],
  },
  {
    name: 'Financial',
    folder: 'Dashboards',
    reports: ['Margin Forecast', 'Cost Growth'],
    pages: overview('Quarter', 'Profit Margin'),
    linksTo: ['Forecast Tracker'],
  },
  {
    name: 'Sustainability',
    folder: 'Experiments',
    cubes: ['Sustainability Cube'],
    pages: overview('Day', 'CO2 Weight, Packaging Weight'),
    only: 'dev',
    owner: 'Tutorial Architect',
  },
  {
    name: 'Half Year Review',
    folder: 'Experiments',
    reports: ['Half Year Comparison'],
    pages: overview('Half Year', 'Revenue'),
    only: 'dev',
    owner: 'Tutorial Architect',
  },
  {
    name: 'Retired Sales Board',
    folder: 'Dashboards',
    cubes: ['Retired Sales Cube'],
    pages: overview('Year', 'Revenue in Thousands'),
    only: 'prod',
    hidden: true,
  },
];

const document = (name: string, reports: readonly string[], extra: Partial<Row> = {}): Row => ({
  name,
  folder: 'Enterprise Reporting Documents',
  reports,
  pages: {},
  ...extra,
});

const DOCUMENTS: readonly Row[] = [
  document('Invoice', ['Payment Methods', 'Shipping Methods']),
  document('Monthly Management Book', ['Monthly Profit Trend', 'Sales by Region', 'Actual vs. Forecast'], {
    dateModified: '2021-01-31T18:00:00.000+0000',
    prod: { editedAt: '2016-01-31T18:00:00.000+0000', reports: ['Monthly Profit Trend', 'Sales by Region'] },
  }),
  document('Regional Profit and Margin Statement', ['Region Contribution', 'Sales by Region']),
  document('Product Catalog', ['Media Sales by Catalog', 'Discounts by Brand']),
  document('Customer Letter', ['Customer Analysis']),
  document('Inventory Statement', ['On Hand by Month', 'Stock Gaps']),
  document('Quarterly Board Report', ['Quarterly Revenue Trend', 'Margin Forecast'], { linksTo: ['Sales Overview'] }),
];

const THEMES = ['Light Corporate', 'Dark Presentation'] as const;

const REPORT_KINDS: Readonly<Record<string, Kind>> = {
  'Quarterly Revenue Trend': 'graphReport',
  'On Hand by Month': 'graphReport',
  'Monthly Profit Trend': 'gridGraphReport',
};

function datasetsOf(row: DashboardRow): Link[] {
  const reports = (row.reports ?? []).map((name) => link(REPORT_KINDS[name] ?? 'report', name));
  return [...(row.cubes ?? []).map((name) => link('cube', name)), ...reports];
}

const listOf = (text: string): string[] => (text === '' ? [] : text.split(', '));

function chapterOf(dashboard: string, title: string, visualizations: readonly Visualization[]): JsonObject {
  const shown = visualizations.map(([type, attributes, metrics], index) => ({
    key: `W${stableId(`visualization/${dashboard}/${title}/${index}`)}`,
    name: `${title} ${index + 1}`,
    visualizationType: type,
    attributes: listOf(attributes),
    metrics: listOf(metrics),
  }));
  const key = `K${stableId(`chapter/${dashboard}/${title}`).slice(0, 4)}`;
  return { key, name: title, pages: [{ key: `${key}P`, name: 'Page 1', visualizations: shown }] };
}

/** The visualizations name their attributes and metrics; the references are said in `uses`, as the engine keeps them. */
function shownObjects(row: DashboardRow): Reference[] {
  const visualizations = Object.values(row.pages).flat();
  const attributes = [...visualizations.flatMap(([, names]) => listOf(names)), ...(row.selectors ?? [])];
  const metrics = visualizations.flatMap(([, , names]) => listOf(names));
  return [...usesOf('attribute', [...new Set(attributes)]), ...usesOf('metric', [...new Set(metrics)])];
}

function definitionOf(row: DashboardRow, theme: string): JsonObject {
  return {
    datasets: datasetsOf(row),
    theme: link('theme', theme),
    chapters: Object.entries(row.pages).map(([title, shown]) => chapterOf(row.name, title, shown)),
    selectors: (row.selectors ?? []).map((name) => ({ source: link('attribute', name), style: 'dropdown' })),
    links: (row.linksTo ?? []).map((name) => ({ target: link('dashboard', name), openIn: 'new_tab' })),
  };
}

/** Themes, dashboards and report documents. */
export function addDashboards(draft: ProjectDraft): void {
  for (const [index, name] of THEMES.entries()) {
    const definition = { palette: index === 0 ? ['#1B6EC2', '#F5A623'] : ['#111827', '#9CA3AF'], font: 'Open Sans' };
    draft.add('theme', { name }, { definition });
  }
  for (const row of inState(DASHBOARDS, draft.state)) {
    draft.add('dashboard', row, { definition: definitionOf(row, THEMES[0]), uses: shownObjects(row) });
  }
  for (const row of inState(DOCUMENTS, draft.state)) {
    draft.add('document', row, { definition: definitionOf(row, THEMES[1]), uses: shownObjects(row) });
  }
}
