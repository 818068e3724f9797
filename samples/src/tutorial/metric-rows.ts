import { grant, idOf, STANDARD_ACL } from './project-draft.ts';
import type { RowBase, Stated } from './project-draft.ts';

/** A metric: a formula over other objects, and how it is calculated. */
export interface MetricRow extends RowBase {
  readonly formula: string;
  /** What the names in the formula are. */
  readonly over: 'fact' | 'attribute' | 'metric' | 'baseFormula';
  readonly level?: readonly string[];
  readonly condition?: string;
  readonly transformation?: string;
  readonly format?: 'currency' | 'percent' | 'fixed';
  readonly subtotal?: string;
}

type Extras = Partial<Stated<MetricRow>>;

const of =
  (over: MetricRow['over']) =>
  (folder: string) =>
  (name: string, formula: string, extras: Extras = {}): Stated<MetricRow> => ({
    folder,
    name,
    formula,
    over,
    ...extras,
  });

const simple = of('fact');
const counting = of('attribute');
const compound = of('metric');
const based = of('baseFormula');

const SALES = 'Sales Metrics';
const COMPARISONS = 'Time Comparisons';
const FORECASTS = 'Forecast Metrics';
const STOCK = 'Inventory Metrics';
const BY_CUSTOMER = 'Customer Metrics';

const EURO_NAMES = ['Umsatz', "Chiffre d'affaires", 'Ingresos'];

const SALES_METRICS: readonly Stated<MetricRow>[] = [
  based(SALES)('Revenue', '[Revenue]', { names: EURO_NAMES, format: 'currency' }),
  based(SALES)('Cost', '[Cost]', { names: ['Kosten', 'Coût', 'Costo'], format: 'currency' }),
  compound(SALES)('Profit', '[Revenue] - [Cost]', {
    names: ['Gewinn', 'Bénéfice', 'Beneficio'],
    format: 'currency',
    dateModified: '2021-08-30T06:55:10.000+0000',
    prod: { editedAt: '2015-01-09T10:10:45.000+0000', formula: '[Gross Revenue] - [Cost]', names: ['Gewinn'] },
  }),
  compound(SALES)('Profit Margin', '[Profit] / [Revenue]', {
    format: 'percent',
    dateModified: '2016-05-02T08:00:00.000+0000',
    prod: { editedAt: '2022-09-21T14:31:02.000+0000', formula: 'NullToZero([Profit] / [Revenue])' },
  }),
  based(SALES)('Units Sold', '[Units Sold]'),
  based(SALES)('Gross Revenue', '[Gross Revenue]', { format: 'currency' }),
  based(SALES)('Discount', '[Discount]', { format: 'currency' }),
  compound(SALES)('Discount Rate', '[Discount] / [Gross Revenue]', { format: 'percent' }),
  compound(SALES)('Net Margin', '([Revenue] - [Cost] - [Freight]) / [Revenue]', {
    format: 'percent',
    prod: { folder: 'Customer Metrics' },
  }),
  based(SALES)('Freight', '[Freight]', { format: 'currency' }),
  simple(SALES)('Unit Price', 'Avg([Unit Price])', { format: 'currency' }),
  simple(SALES)('Unit Cost', 'Avg([Unit Cost])', { format: 'currency' }),
  compound(SALES)('Unit Profit', '[Unit Price] - [Unit Cost]', { format: 'currency' }),
  simple(SALES)('Maximum Order Value', 'Max([Revenue])', { level: ['Order'], format: 'currency' }),
  compound(SALES)('Average Order Value', '[Revenue] / [Order Count]', { format: 'currency' }),
  compound(SALES)('Average Revenue per Employee', '[Revenue] / [Employee Count]', { format: 'currency' }),
  simple(SALES)('Revenue (Category Level)', 'Sum([Revenue])', { level: ['Category'], format: 'currency' }),
  simple(SALES)('Revenue (Region Level)', 'Sum([Revenue])', { level: ['Region'], format: 'currency' }),
  simple(SALES)('Revenue (Year Level)', 'Sum([Revenue])', { level: ['Year'], format: 'currency' }),
  compound(SALES)('Contribution to Category Revenue', '[Revenue] / [Revenue (Category Level)]', { format: 'percent' }),
  compound(SALES)('Contribution to Region Revenue', '[Revenue] / [Revenue (Region Level)]', { format: 'percent' }),
  simple(SALES)('Revenue of Electronics', 'Sum([Revenue])', { condition: 'Electronics only', format: 'currency' }),
  simple(SALES)('Revenue of Rush Orders', 'Sum([Revenue])', { condition: 'Rush orders', format: 'currency' }),
  simple(SALES)('Revenue in the USA', 'Sum([Revenue])', { condition: 'CountryInUSA', format: 'currency' }),
  compound(SALES)('Share of Electronics', '[Revenue of Electronics] / [Revenue]', { format: 'percent' }),
  compound(SALES)('Revenue Rank', 'Rank([Revenue])'),
  compound(SALES)('Running Revenue', 'RunningSum([Revenue])', { format: 'currency', subtotal: 'Maximum' }),
];

const COUNT_METRICS: readonly Stated<MetricRow>[] = [
  counting('Count Metrics')('Count of Customers', 'Count([Customer])', { names: ['Anzahl Kunden'] }),
  counting('Count Metrics')('Order Count', 'Count([Order])'),
  counting('Count Metrics')('Item Count', 'Count([Item])'),
  counting('Count Metrics')('Employee Count', 'Count([Employee])'),
  counting('Count Metrics')('Count of Call Centers', 'Count([Call Center])'),
  counting('Count Metrics')('Count of Cities', 'Count([Customer City])', { level: ['Customer State'] }),
];

const comparisonsOf = (measure: string): Stated<MetricRow>[] => {
  const format = { format: 'currency' } as const;
  const base = `Sum([${measure}])`;
  return [
    simple(COMPARISONS)(`Last Year's ${measure}`, base, { ...format, transformation: "Last year's" }),
    simple(COMPARISONS)(`Last Quarter's ${measure}`, base, { ...format, transformation: "Last Quarter's" }),
    simple(COMPARISONS)(`Last Month's ${measure}`, base, { ...format, transformation: "Last Month's" }),
    compound(COMPARISONS)(`${measure} Growth`, `([${measure}] - [Last Year's ${measure}]) / [Last Year's ${measure}]`, {
      format: 'percent',
    }),
  ];
};

const TIME_COMPARISONS: readonly Stated<MetricRow>[] = [
  ...comparisonsOf('Revenue'),
  ...comparisonsOf('Cost'),
  ...comparisonsOf('Profit'),
  ...comparisonsOf('Units Sold'),
  compound(COMPARISONS)("Last Quarter's Profit Margin", "[Last Quarter's Profit] / [Last Quarter's Revenue]", {
    format: 'percent',
  }),
  simple(COMPARISONS)("Last Year's Discount", 'Sum([Discount])', { transformation: "Last year's", format: 'currency' }),
  compound(COMPARISONS)('Discount Growth', "([Discount] - [Last Year's Discount]) / [Last Year's Discount]", {
    format: 'percent',
  }),
  simple(COMPARISONS)('Revenue Month to Date', 'Sum([Revenue])', { transformation: 'Month to Date' }),
  simple(COMPARISONS)('Revenue Year to Date', 'Sum([Revenue])', {
    transformation: 'Year to Date',
    dateModified: '2020-12-01T09:00:00.000+0000',
    prod: { editedAt: '2020-12-01T09:00:00.000+0000', description: 'Same time as in development, other version' },
  }),
];

const FORECAST_METRICS: readonly Stated<MetricRow>[] = [
  simple(FORECASTS)('Revenue Forecast', 'Sum([Revenue Forecast])', { format: 'currency' }),
  simple(FORECASTS)('Cost Forecast', 'Sum([Cost Forecast])', { format: 'currency' }),
  simple(FORECASTS)('Units Sold Forecast', 'Sum([Units Sold Forecast])'),
  compound(FORECASTS)('Profit Forecast', '[Revenue Forecast] - [Cost Forecast]', { format: 'currency' }),
  compound(FORECASTS)('Profit Margin Forecast', '[Profit Forecast] / [Revenue Forecast]', { format: 'percent' }),
  compound(FORECASTS)('Units Sold Status', '[Units Sold] / [Units Sold Forecast]', { format: 'percent' }),
  compound(FORECASTS)('Revenue Status', '[Revenue] / [Revenue Forecast]', {
    format: 'percent',
    prod: { acl: [...STANDARD_ACL, grant(idOf('userGroup', 'Finance Analysts'), 221)] },
  }),
];

const CUSTOMER_METRICS: readonly Stated<MetricRow>[] = [
  compound(BY_CUSTOMER)('Avg Revenue per Customer', '[Revenue] / [Count of Customers]', { format: 'currency' }),
  compound(BY_CUSTOMER)('Orders per Customer', '[Order Count] / [Count of Customers]'),
  compound(BY_CUSTOMER)('Profit per Customer', '[Profit] / [Count of Customers]', { format: 'currency' }),
  simple(BY_CUSTOMER)('Revenue of All Customers', 'Sum([Revenue])', { level: ['Customer Region'], format: 'currency' }),
  compound(BY_CUSTOMER)(
    'Running Revenue Contribution to All Customers Abs.',
    'RunningSum([Revenue] / [Revenue of All Customers])',
    { format: 'percent' },
  ),
  compound(BY_CUSTOMER)('Customer Value Band', 'NTile([Profit per Customer])'),
];

const INVENTORY_METRICS: readonly Stated<MetricRow>[] = [
  simple(STOCK)('Beginning on Hand', 'First([Beginning on Hand])', { level: ['Month'] }),
  simple(STOCK)('End on Hand', 'Last([End on Hand])', { level: ['Month'] }),
  simple(STOCK)('Units Received', 'Sum([Units Received])'),
  simple(STOCK)('Target Quantity', 'Sum([Target Quantity])'),
  compound(STOCK)('Average on Hand', '([Beginning on Hand] + [End on Hand]) / 2'),
  compound(STOCK)('Stock Turnover', '[Units Sold] / [Average on Hand]'),
  compound(STOCK)('Stock Gap', '[Target Quantity] - [End on Hand]'),
];

const LATER_METRICS: readonly Stated<MetricRow>[] = [
  simple('Sustainability Metrics')('Packaging Weight', 'Sum([Packaging Weight])', {
    only: 'dev',
    owner: 'Tutorial Architect',
  }),
  simple('Sustainability Metrics')('CO2 Weight', 'Sum([CO2 Weight])', { only: 'dev', owner: 'Tutorial Architect' }),
  compound('Sustainability Metrics')('CO2 per Order', '[CO2 Weight] / [Order Count]', {
    only: 'dev',
    owner: 'Tutorial Architect',
  }),
  compound('Retired Metrics')('Revenue in Thousands', '[Revenue] / 1000', { only: 'prod', format: 'currency' }),
  simple('Retired Metrics')('Median Order Value', 'Median([Revenue])', { only: 'prod', level: ['Order'] }),
];

export const METRICS: readonly Stated<MetricRow>[] = [
  ...SALES_METRICS,
  ...COUNT_METRICS,
  ...TIME_COMPARISONS,
  ...FORECAST_METRICS,
  ...CUSTOMER_METRICS,
  ...INVENTORY_METRICS,
  ...LATER_METRICS,
];
