import type { JsonObject } from '@longshore/domain';
import { attributeGraph, formId } from './attributes.ts';
import { columnName, expression } from './expression.ts';
import { inState, link } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';
import { stableId } from './stable-values.ts';
import { tablesWith } from './warehouse.ts';

interface FunctionRow extends RowBase {
  readonly arguments: number;
}

const functions = (folder: string, count: number, ...names: string[]): FunctionRow[] =>
  names.map((name) => ({ name, folder, arguments: count, dateCreated: '2001-01-02T20:47:41.000+0000' }));

const FUNCTIONS: readonly FunctionRow[] = [
  ...functions('Operators', 2, '+', '-', '*', '/', '=', '<>', '<', '<=', '>', '>=', 'In', 'Not In', 'Between'),
  ...functions('Aggregation Functions', 1, 'Sum', 'Avg', 'Count', 'Max', 'Min', 'StDev', 'Median', 'First', 'Last'),
  ...functions('Aggregation Functions', 1, 'RunningSum', 'Rank', 'NTile'),
  ...functions('Date and Text Functions', 0, 'CurrentDate'),
  ...functions('Date and Text Functions', 1, 'Year', 'Month', 'NullToZero', 'Round', 'Upper'),
  ...functions('Date and Text Functions', 2, 'AddDays', 'ApplySimple', 'Concat'),
];

interface FactRow extends RowBase {
  /** One formula over columns for each way in which tables hold the fact. */
  readonly formulas: readonly string[];
}

const FACTS: readonly Stated<FactRow>[] = [
  {
    name: 'Revenue',
    formulas: ['[TOT_DOLLAR_SALES]', '[ORDER_AMT]', '[QTY_SOLD] * ([UNIT_PRICE] - [DISCOUNT])'],
    names: ['Umsatz', "Chiffre d'affaires", 'Ingresos'],
  },
  {
    name: 'Cost',
    formulas: ['[TOT_COST]', '[ORDER_COST]', '[QTY_SOLD] * [UNIT_COST]'],
    names: ['Kosten', 'Coût', 'Costo'],
    dateModified: '2022-02-17T05:04:23.000+0000',
    prod: { editedAt: '2016-08-12T19:33:32.000+0000', formulas: ['[TOT_COST]', '[ORDER_COST]'] },
  },
  { name: 'Profit', formulas: ['[TOT_DOLLAR_SALES] - [TOT_COST]', '[ORDER_AMT] - [ORDER_COST]'] },
  { name: 'Units Sold', formulas: ['[TOT_UNIT_SALES]', '[QTY_SOLD]'] },
  { name: 'Gross Revenue', formulas: ['[GROSS_DOLLAR_SALES]', '[QTY_SOLD] * [UNIT_PRICE]'] },
  { name: 'Discount', formulas: ['[QTY_SOLD] * [DISCOUNT]', '[GROSS_DOLLAR_SALES] - [TOT_DOLLAR_SALES]'] },
  { name: 'Freight', formulas: ['[FREIGHT]'] },
  { name: 'Unit Price', formulas: ['[UNIT_PRICE]'] },
  { name: 'Unit Cost', formulas: ['[UNIT_COST]'] },
  { name: 'Beginning on Hand', formulas: ['[BOH_QTY]'] },
  { name: 'End on Hand', formulas: ['[EOH_QTY]'] },
  { name: 'Target Quantity', formulas: ['[TARGET_QTY]'] },
  { name: 'Units Received', formulas: ['[UNITS_RECEIVED]'] },
  { name: 'Revenue Forecast', formulas: ['[FCST_DOLLAR_SALES]'] },
  { name: 'Cost Forecast', formulas: ['[FCST_COST]'] },
  {
    name: 'Units Sold Forecast',
    formulas: ['[FCST_UNIT_SALES]'],
    dateModified: '2013-03-05T14:19:58.000+0000',
    prod: { editedAt: '2018-12-12T12:12:12.000+0000', description: 'Forecast of the call centers, in units' },
  },
  { name: 'Packaging Weight', formulas: ['[PACKAGING_WEIGHT]'], only: 'dev', owner: 'Tutorial Architect' },
  { name: 'CO2 Weight', formulas: ['[CO2_WEIGHT]'], only: 'dev', owner: 'Tutorial Architect' },
];

const columnsOf = (formula: string): string[] => [...formula.matchAll(/\[(\w+)\]/g)].map((match) => match[1] ?? '');

export function addFunctionsAndFacts(draft: ProjectDraft): void {
  for (const row of FUNCTIONS) {
    draft.add('function', row, { definition: { function: row.name, argumentCount: row.arguments, isPlugIn: false } });
  }
  for (const row of inState(FACTS, draft.state)) {
    const expressions = row.formulas.map((formula) => ({
      expressionId: stableId(`fact/${row.name}/${formula}`),
      expression: expression(formula, columnName),
      tables: tablesWith(draft.state, columnsOf(formula)).map((name) => link('table', name)),
    }));
    const dataType = { type: 'float', precision: 53, scale: 0 };
    draft.add('fact', row, { definition: { dataType, expressions, entryLevel: [] } });
  }
}

interface HierarchyRow extends RowBase {
  readonly attributes: readonly string[];
  readonly drillOnly?: boolean;
}

const HIERARCHIES: readonly Stated<HierarchyRow>[] = [
  {
    name: 'Time',
    attributes: ['Year', 'Half Year', 'Quarter', 'Month', 'Month of Year', 'Day'],
    dateModified: '2021-03-04T04:02:55.000+0000',
    prod: {
      editedAt: '2009-06-12T18:43:44.000+0000',
      attributes: ['Year', 'Quarter', 'Month', 'Month of Year', 'Day'],
    },
  },
  {
    name: 'Geography',
    attributes: ['Country', 'Region', 'Distribution Center', 'Call Center', 'Manager', 'Employee'],
  },
  { name: 'Products', attributes: ['Catalog', 'Category', 'Subcategory', 'Brand', 'Supplier', 'Item'] },
  {
    name: 'Customers',
    attributes: [
      'Customer Region',
      'Customer State',
      'Customer City',
      'Income Bracket',
      'Age Range',
      'Customer Gender',
      'Customer',
    ],
  },
  { name: 'Product Hierarchy', attributes: ['Category', 'Subcategory', 'Item'], drillOnly: true },
  { name: 'User-Defined Time Hierarchy', attributes: ['Year', 'Quarter', 'Month'], drillOnly: true },
];

export function addHierarchies(draft: ProjectDraft): void {
  const { names, pairs } = attributeGraph(draft.state);
  const pairsAmong = (chosen: readonly string[]): JsonObject[] =>
    pairs
      .filter(({ parent, child }) => chosen.includes(parent) && chosen.includes(child))
      .map(({ parent, child }) => ({ parent: link('attribute', parent), child: link('attribute', child) }));
  for (const row of inState(HIERARCHIES, draft.state)) {
    const attributes = row.attributes.map((name) => ({
      ...link('attribute', name),
      entryPoint: true,
      elementDisplayOption: name === 'Day' || name === 'Customer' ? 'limited_elements' : 'all_elements',
    }));
    draft.add(row.drillOnly ? 'drillHierarchy' : 'hierarchy', row, {
      definition: { useAsDrillHierarchy: true, attributes, relationships: pairsAmong(row.attributes) },
    });
  }
  const system: Stated<RowBase> = {
    name: 'System Hierarchy',
    dateModified: '2022-06-15T13:25:00.000+0000',
    prod: { editedAt: '2017-04-03T06:15:00.000+0000' },
  };
  for (const row of inState([system], draft.state)) {
    const attributes = names.map((name) => link('attribute', name));
    draft.add('systemHierarchy', row, { definition: { attributes, relationships: pairsAmong(names) } });
  }
}

interface TransformationRow extends RowBase {
  readonly mapping: 'one_to_one' | 'many_to_many';
  /** For each attribute: the table and the formula that leads to the transformed element. */
  readonly attributes: Readonly<Record<string, readonly [table: string, formula: string]>>;
}

const TRANSFORMATIONS: readonly Stated<TransformationRow>[] = [
  {
    name: "Last year's",
    mapping: 'one_to_one',
    attributes: {
      Year: ['LU_YEAR', '[PREV_YEAR_ID]'],
      Quarter: ['LU_QUARTER', '[LY_QUARTER_ID]'],
      Month: ['LU_MONTH', '[LY_MONTH_ID]'],
      Day: ['LU_DAY', '[LY_DAY_DATE]'],
    },
    names: ['Vorjahr', 'Année précédente', 'Año anterior'],
  },
  {
    name: "Last Quarter's",
    mapping: 'one_to_one',
    attributes: {
      Quarter: ['LU_QUARTER', '[PREV_QUARTER_ID]'],
      Month: ['LU_MONTH', '[LQ_MONTH_ID]'],
      Day: ['LU_DAY', '[LQ_DAY_DATE]'],
    },
  },
  {
    name: "Last Month's",
    mapping: 'one_to_one',
    attributes: { Month: ['LU_MONTH', '[PREV_MONTH_ID]'], Day: ['LU_DAY', '[LM_DAY_DATE]'] },
    dateModified: '2021-02-26T03:18:51.000+0000',
    prod: {
      editedAt: '2010-05-19T08:08:08.000+0000',
      attributes: { Month: ['LU_MONTH', '[PREV_MONTH_ID]'] },
    },
  },
  {
    name: '2 Weeks Ago',
    mapping: 'one_to_one',
    attributes: { Day: ['LU_DAY', 'ApplySimple("#0-14", [DAY_DATE])'] },
    description: 'Transforms a day to the day two weeks earlier',
  },
  { name: 'Month to Date', mapping: 'many_to_many', attributes: { Day: ['MTD_DAY', '[MTD_DAY_DATE]'] } },
  { name: 'Year to Date', mapping: 'many_to_many', attributes: { Day: ['YTD_DAY', '[YTD_DAY_DATE]'] } },
];

export function addTransformations(draft: ProjectDraft): void {
  for (const row of inState(TRANSFORMATIONS, draft.state)) {
    const attributes = Object.entries(row.attributes).map(([name, [table, formula]]) => ({
      id: stableId(`transformation/${row.name}/${name}`),
      baseAttribute: link('attribute', name),
      forms: [
        {
          id: formId(name, 'ID'),
          name: 'ID',
          lookupTable: link('table', table),
          expression: expression(formula, columnName),
        },
      ],
    }));
    draft.add('transformation', row, { definition: { attributes, mappingType: row.mapping } });
  }
}
