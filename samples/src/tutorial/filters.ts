import { grant, idOf, inState, links, STANDARD_ACL } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';
import { qualification } from './qualification.ts';
import type { Condition } from './qualification.ts';

interface FilterRow extends RowBase {
  readonly condition: Condition;
}

type Row = Stated<FilterRow>;

const elements = (folder: string, name: string, attribute: string, list: string): Row => ({
  name,
  folder,
  condition: { on: 'elements', attribute, elements: list },
});

const form = (folder: string, name: string, attribute: string, rest: readonly [is: string, value: string]): Row => ({
  name,
  folder,
  condition: { on: 'form', attribute, is: rest[0], value: rest[1] },
});

const lastYears = (count: number): Condition => ({
  on: 'calculated',
  attribute: 'Year',
  is: 'greater',
  formula: `Year(CurrentDate()) - ${count}`,
});

const TIME_FILTERS: readonly Row[] = [
  {
    ...form('Time Filters', 'Year > 2015', 'Year', ['greater', '2015']),
    dateModified: '2020-11-17T16:42:57.000+0000',
    prod: {
      editedAt: '2018-01-15T12:00:00.000+0000',
      condition: { on: 'form', attribute: 'Year', is: 'greater', value: '2014' },
    },
  },
  { name: 'Last 5 years', folder: 'Time Filters', condition: lastYears(5) },
  { name: 'Last 2 years', folder: 'Time Filters', condition: lastYears(2) },
  elements('Time Filters', 'Select a Quarter', 'Quarter', '20224:2022 Q4'),
  elements('Time Filters', 'Fixed month selection - December current year', 'Month', '202212:Dec 2022'),
  elements('Time Filters', 'Holiday season', 'Month of Year', '11:November, 12:December'),
  elements('Time Filters', 'Summer', 'Month of Year', '6:June, 7:July, 8:August'),
  { ...elements('Time Filters', 'Second half of 2021', 'Half Year', '20212:2021 H2'), only: 'dev' },
];

const PRODUCT_FILTERS: readonly Row[] = [
  elements('Product Filters', 'Electronics only', 'Category', '2:Electronics'),
  elements('Product Filters', 'Media', 'Category', '1:Books, 3:Movies, 4:Music'),
  elements('Product Filters', 'Business books', 'Subcategory', '12:Business'),
  elements('Product Filters', 'Spring catalog', 'Catalog', '1:Spring'),
  form('Product Filters', 'Items without warranty', 'Warranty', ['equals', '0']),
  {
    name: 'Profitable items',
    folder: 'Product Filters',
    condition: { on: 'metric', metric: 'Profit', is: 'greater', value: '0', level: 'Item' },
  },
  {
    name: 'Slow sellers',
    folder: 'Product Filters',
    condition: {
      on: 'all',
      of: [
        { on: 'metric', metric: 'Units Sold', is: 'less', value: '50', level: 'Item' },
        { on: 'filter', filter: 'Last 2 years' },
      ],
    },
    prod: { folder: 'Customer Filters' },
  },
  {
    name: 'Profitable electronics',
    folder: 'Product Filters',
    condition: {
      on: 'all',
      of: [
        { on: 'filter', filter: 'Electronics only' },
        { on: 'filter', filter: 'Profitable items' },
      ],
    },
  },
  {
    name: 'Chosen subcategories',
    folder: 'Product Filters',
    condition: {
      on: 'prompt',
      kind: 'promptElements',
      prompt: 'Elements of Subcategory filtered by Elements of Category',
    },
  },
];

const CUSTOMER_FILTERS: readonly Row[] = [
  elements('Customer Filters', 'CountryInUSA', 'Country', '1:USA'),
  elements('Customer Filters', 'Western regions', 'Region', '6:Northwest, 7:Southwest'),
  elements('Customer Filters', 'Web sales', 'Region', '16:Web'),
  elements('Customer Filters', 'Rush orders', 'Rush Order', '1:Rush'),
  {
    name: 'by age',
    folder: 'Customer Filters',
    condition: { on: 'prompt', kind: 'promptExpression', prompt: 'Prompt Qualification on Customer Age' },
  },
  form('Customer Filters', 'Adults', 'Customer Age', ['greater_equal', '18']),
  {
    name: 'Top customers',
    folder: 'Customer Filters',
    condition: { on: 'metric', metric: 'Revenue', is: 'rank_top', value: '100', level: 'Customer' },
    dateModified: '2019-03-14T15:09:26.000+0000',
    prod: {
      editedAt: '2021-12-13T09:30:00.000+0000',
      condition: { on: 'metric', metric: 'Revenue', is: 'rank_top', value: '250', level: 'Customer' },
    },
  },
  {
    name: 'Western web customers',
    folder: 'Customer Filters',
    condition: {
      on: 'any',
      of: [
        { on: 'filter', filter: 'Western regions' },
        { on: 'filter', filter: 'Web sales' },
      ],
    },
  },
  {
    name: 'Chosen region',
    folder: 'Customer Filters',
    condition: { on: 'prompt', kind: 'promptElements', prompt: 'Elements of Region' },
  },
  {
    name: 'Dormant customers',
    folder: 'Customer Filters',
    only: 'prod',
    condition: { on: 'metric', metric: 'Order Count', is: 'equals', value: '0', level: 'Customer' },
  },
];

interface SecurityFilterRow extends FilterRow {
  readonly topLevel: readonly string[];
  readonly bottomLevel: readonly string[];
}

const SECURED = [...STANDARD_ACL, grant(idOf('userGroup', 'Security Officers'), 255)];

const SECURITY_FILTERS: readonly Stated<SecurityFilterRow>[] = [
  {
    name: 'Only the USA',
    condition: { on: 'elements', attribute: 'Country', elements: '1:USA' },
    topLevel: ['Country'],
    bottomLevel: ['Employee'],
  },
  {
    name: 'Only Northeast and Mid-Atlantic',
    condition: { on: 'elements', attribute: 'Region', elements: '1:Northeast, 2:Mid-Atlantic' },
    topLevel: ['Region'],
    bottomLevel: ['Employee'],
  },
  {
    name: 'Only books and music',
    condition: { on: 'elements', attribute: 'Category', elements: '1:Books, 4:Music' },
    topLevel: ['Category'],
    bottomLevel: ['Item'],
    dateModified: '2021-07-07T07:07:07.000+0000',
    prod: {
      editedAt: '2019-09-09T09:09:09.000+0000',
      condition: { on: 'elements', attribute: 'Category', elements: '1:Books' },
    },
  },
  { name: 'Year > Current Year - 5', condition: lastYears(5), topLevel: [], bottomLevel: [] },
];

export function addFilters(draft: ProjectDraft): void {
  for (const row of inState([...TIME_FILTERS, ...PRODUCT_FILTERS, ...CUSTOMER_FILTERS], draft.state)) {
    draft.add('filter', row, { definition: { qualification: qualification(row.condition) } });
  }
  for (const row of inState(SECURITY_FILTERS, draft.state)) {
    const definition = {
      qualification: qualification(row.condition),
      topLevel: links('attribute', row.topLevel),
      bottomLevel: links('attribute', row.bottomLevel),
    };
    draft.add('securityFilter', { acl: SECURED, ...row }, { definition });
  }
}
