import type { JsonObject } from '@longshore/domain';
import { expression } from './expression.ts';
import { METRICS } from './metric-rows.ts';
import type { MetricRow } from './metric-rows.ts';
import { inState, link } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';

const FORMATS: Readonly<Record<string, string>> = { currency: '$#,##0.00', percent: '0.00%', fixed: '#,##0' };

const SYSTEM_SUBTOTALS = ['Total', 'Count', 'Average', 'Minimum', 'Maximum', 'Aggregation'] as const;

interface BaseFormulaRow extends RowBase {
  readonly formula: string;
}

const BASE_FORMULAS: readonly Stated<BaseFormulaRow>[] = [
  ...['Revenue', 'Cost', 'Profit', 'Units Sold', 'Gross Revenue', 'Discount', 'Freight'].map((name) => ({
    name,
    formula: `Sum([${name}])`,
  })),
  { name: 'Average Revenue', formula: 'Avg([Revenue])' },
  { name: 'Deviation of Revenue', formula: 'StDev([Revenue])' },
  {
    name: 'Margin',
    formula: '(Sum([Revenue]) - Sum([Cost])) / Sum([Revenue])',
    dateModified: '2022-03-03T03:36:08.000+0000',
    prod: { editedAt: '2013-07-22T15:40:40.000+0000', formula: 'Sum([Profit]) / Sum([Revenue])' },
  },
];

function levelOf(row: MetricRow): JsonObject {
  const units: JsonObject[] = [
    { dimtyUnitType: 'report_base_level', aggregation: 'normal', filtering: 'apply', groupBy: true },
  ];
  for (const name of row.level ?? []) {
    const target = link('attribute', name);
    units.push({ dimtyUnitType: 'attribute', target, aggregation: 'normal', filtering: 'absolute', groupBy: true });
  }
  if (row.transformation !== undefined) {
    units.push({ dimtyUnitType: 'role', target: link('transformation', row.transformation) });
  }
  return { dimtyUnits: units, excludeAttribute: false, allowAddingUnit: true };
}

function subtotalsOf(row: MetricRow): JsonObject[] {
  return SYSTEM_SUBTOTALS.map((name) => ({
    definition: link('systemSubtotal', name),
    ...(name === 'Total' && row.subtotal !== undefined ? { implementation: link('systemSubtotal', row.subtotal) } : {}),
  }));
}

function definitionOf(row: MetricRow): JsonObject {
  const numberFormat = { type: 'number_format', value: FORMATS[row.format ?? 'fixed'] ?? '' };
  const isCompound = row.over === 'metric';
  return {
    expression: expression(row.formula, (name) => link(row.over, name)),
    ...(isCompound ? {} : { dimty: levelOf(row) }),
    ...(row.condition === undefined
      ? {}
      : {
          conditionality: {
            filter: link('filter', row.condition),
            embedMethod: 'both_into_single_element',
            removeElements: true,
          },
        }),
    metricSubtotals: isCompound ? subtotalsOf(row).slice(0, 1) : subtotalsOf(row),
    aggregateFromBase: false,
    formulaJoinType: isCompound ? 'default' : 'inner',
    smartTotal: row.format === 'percent' ? 'decomposable_true' : 'decomposable_false',
    dataType: { type: 'reserved', precision: 0, scale: 0 },
    format: { header: [], values: [{ type: 'number_category', value: row.format ?? 'fixed' }, numberFormat] },
    subtotalFromBase: false,
    metricFormatType: 'reserved',
    thresholds: [],
  };
}

function addSubtotals(draft: ProjectDraft): void {
  const created = { dateCreated: '2001-01-02T20:47:35.000+0000' };
  for (const name of SYSTEM_SUBTOTALS) {
    draft.add('systemSubtotal', { ...created, name }, { definition: { dimty: { dimtyUnits: [] }, function: name } });
  }
  const dimty = { dimtyUnits: [{ dimtyUnitType: 'report_level', relativePosition: 0 }] };
  for (const [name, formula] of [
    ['Custom_Max', '[Revenue]'],
    ['Average at Customer Region', '[Average Revenue]'],
  ] as const) {
    const definition = { expression: expression(formula, (base) => link('baseFormula', base)), dimty };
    draft.add('subtotal', { ...created, name }, { definition });
  }
}

/** Base formulas, subtotals and the metrics on top of them. */
export function addMetrics(draft: ProjectDraft): void {
  for (const row of inState(BASE_FORMULAS, draft.state)) {
    const definition = { expression: expression(row.formula, (name) => link('fact', name)) };
    draft.add('baseFormula', row, { definition });
  }
  addSubtotals(draft);
  for (const row of inState(METRICS, draft.state)) draft.add('metric', row, { definition: definitionOf(row) });
}
