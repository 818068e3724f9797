import type { JsonObject } from '@longshore/domain';
import { inState, link } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';
import { elementsOf, qualification } from './qualification.ts';
import type { Condition } from './qualification.ts';
import { stableId } from './stable-values.ts';

interface CustomGroupRow extends RowBase {
  readonly elements: Readonly<Record<string, Condition>>;
}

const ageBetween = (from: string, to: string): Condition => ({
  on: 'all',
  of: [
    { on: 'form', attribute: 'Customer Age', is: 'greater_equal', value: from },
    { on: 'form', attribute: 'Customer Age', is: 'less_equal', value: to },
  ],
});

const band = (metric: string, is: string, value: string): Condition => ({
  on: 'metric',
  metric,
  is,
  value,
  level: 'Customer',
});

const CUSTOM_GROUPS: readonly Stated<CustomGroupRow>[] = [
  {
    name: 'Age Groups',
    elements: {
      'Under 30': { on: 'form', attribute: 'Customer Age', is: 'less', value: '30' },
      '30 to 50': ageBetween('30', '50'),
      'Over 50': { on: 'form', attribute: 'Customer Age', is: 'greater', value: '50' },
    },
    dateModified: '2019-10-01T10:10:10.000+0000',
    prod: {
      editedAt: '2022-02-22T22:22:22.000+0000',
      elements: { 'Under 40': ageBetween('0', '39'), '40 and over': ageBetween('40', '120') },
    },
  },
  {
    name: 'Customers Value Banding',
    elements: {
      'Top 10%': band('Profit', 'rank_top_percent', '10'),
      Middle: band('Profit', 'rank_between_percent', '10;60'),
      Rest: band('Profit', 'rank_bottom_percent', '40'),
    },
  },
  {
    name: 'Last 10 Years',
    elements: {
      'Last 5 Years': { on: 'filter', filter: 'Last 5 years' },
      Before: { on: 'calculated', attribute: 'Year', is: 'less_equal', formula: 'Year(CurrentDate()) - 5' },
    },
    prod: { folder: 'Time Filters' },
  },
  {
    name: 'Seasons',
    elements: { Holidays: { on: 'filter', filter: 'Holiday season' }, Summer: { on: 'filter', filter: 'Summer' } },
  },
];

interface ConsolidationRow extends RowBase {
  readonly attribute: string;
  /** Each element's name, and the attribute elements it sums up. */
  readonly elements: Readonly<Record<string, string>>;
}

const CONSOLIDATIONS: readonly Stated<ConsolidationRow>[] = [
  {
    name: 'Customer Geography',
    attribute: 'Customer Region',
    elements: {
      Northeast: '1:Northeast',
      South: '5:South, 3:Southeast, 2:Mid-Atlantic',
      Central: '4:Central',
      West: '6:Northwest, 7:Southwest',
      US: '1:Northeast, 2:Mid-Atlantic, 3:Southeast, 4:Central, 5:South, 6:Northwest, 7:Southwest',
    },
  },
  {
    name: 'Media and Electronics',
    attribute: 'Category',
    elements: { 'All media': '1:Books, 3:Movies, 4:Music', 'All electronics': '2:Electronics' },
  },
  {
    name: 'Half Years',
    attribute: 'Half Year',
    elements: { 'First halves': '20201:2020 H1, 20211:2021 H1', 'Second halves': '20202:2020 H2, 20212:2021 H2' },
    only: 'dev',
  },
];

function addConsolidation(draft: ProjectDraft, row: ConsolidationRow): void {
  const names = Object.keys(row.elements);
  for (const [name, list] of Object.entries(row.elements)) {
    const attribute = link('attribute', row.attribute);
    const elements = elementsOf(list).map((element) => ({ ...element, attribute }));
    const format: JsonObject = { header: [], values: [] };
    draft.add(
      'consolidationElement',
      { name, hidden: true },
      { definition: { type: 'calculation', expression: { tree: { type: 'elements_object', elements } }, format } },
    );
  }
  const elements = names.map((name) => ({ name, target: link('consolidationElement', name) }));
  draft.add('consolidation', row, { definition: { elements } });
}

/** Custom groups, and consolidations with their elements. */
export function addGroupings(draft: ProjectDraft): void {
  for (const row of inState(CUSTOM_GROUPS, draft.state)) {
    const elements = Object.entries(row.elements).map(([name, condition]) => ({
      id: stableId(`group/${row.name}/${name}`),
      name,
      displayOption: 'element',
      qualification: qualification(condition),
    }));
    const options = { hierarchyDisplay: true, subtotalsDisplay: false, elementHeaderAboveChild: true };
    draft.add('customGroup', row, { definition: { options, elements } });
  }
  for (const row of inState(CONSOLIDATIONS, draft.state)) addConsolidation(draft, row);
}
