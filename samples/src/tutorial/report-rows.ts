import { grant, idOf, refuse, STANDARD_ACL } from './project-draft.ts';
import type { RowBase, Stated } from './project-draft.ts';

/**
 * What a report shows. `rows`, `columns` and `pageBy` are lists of attributes; `group:NAME` is a custom group,
 * `consolidation:NAME` a consolidation. `metrics` is a list of metrics.
 */
export interface ReportRow extends RowBase {
  readonly kind: 'report' | 'graphReport' | 'gridGraphReport';
  readonly rows: string;
  readonly metrics: string;
  readonly columns?: string;
  readonly pageBy?: string;
  readonly filter?: string;
  readonly cube?: string;
  readonly viewFilter?: string;
}

export interface CubeRow extends RowBase {
  readonly attributes: string;
  readonly metrics: string;
  readonly filter?: string;
}

export interface TemplateRow extends RowBase {
  readonly rows: string;
  readonly metrics: string;
}

type Extras = Partial<Stated<ReportRow>>;

const reportsIn =
  (folder: string) =>
  (name: string, rows: string, metrics: string, extras: Extras = {}): Stated<ReportRow> => ({
    kind: 'report',
    name,
    folder,
    rows,
    metrics,
    ...extras,
  });

const sales = reportsIn('Sales and Profitability Analysis');
const customers = reportsIn('Customer Analysis');
const stock = reportsIn('Inventory and Supply Chain');
const people = reportsIn('Human Resources Analysis');
const finance = reportsIn('Financial Reporting');
const prompted = reportsIn('Promptable Reports');

const PERSONNEL = [refuse(idOf('userGroup', 'External Partners'), 255), ...STANDARD_ACL];

const SALES_REPORTS: readonly Stated<ReportRow>[] = [
  sales('Revenue by Year and Category', 'Year, Category', 'Revenue, Profit', { filter: 'Last 5 years' }),
  sales('Sales by Region', 'Region, Call Center', 'Revenue, Cost, Profit, Profit Margin', {
    dateModified: '2022-03-15T15:59:50.000+0000',
    prod: { editedAt: '2016-08-12T19:33:32.000+0000', metrics: 'Revenue, Cost' },
  }),
  sales('Units Sold Analysis', 'Item', 'Units Sold Status, Units Sold Forecast, Units Sold', {
    filter: 'Fixed month selection - December current year',
    dateCreated: '2003-10-17T18:09:11.000+0000',
    dateModified: '2016-08-12T19:33:32.000+0000',
  }),
  sales('Quarterly Revenue Trend', 'Quarter', "Revenue, Last Quarter's Revenue", { kind: 'graphReport' }),
  sales('Monthly Profit Trend', 'Month', "Profit, Last Year's Profit, Profit Growth", { kind: 'gridGraphReport' }),
  sales('Category Contribution', 'Category, Subcategory', 'Revenue, Contribution to Category Revenue'),
  sales('Region Contribution', 'Region, Call Center', 'Revenue, Contribution to Region Revenue'),
  sales('Top Items by Profit', 'Item', 'Profit, Revenue Rank', { filter: 'Profitable items' }),
  sales('Electronics Revenue vs. Forecast', 'Month', 'Revenue, Revenue Forecast, Revenue Status', {
    filter: 'Electronics only',
  }),
  sales('Discounts by Brand', 'Brand', 'Gross Revenue, Discount, Discount Rate'),
  sales('Media Sales by Catalog', 'Catalog', 'Revenue, Units Sold', { filter: 'Media', columns: 'Year' }),
  sales('Supplier Sales Report', 'Supplier, Item', 'Revenue, Cost, Unit Profit', { pageBy: 'Category' }),
  sales('Seasonal Revenue', 'group:Seasons', 'Revenue, Units Sold', { columns: 'Year' }),
  sales('Media and Electronics by Quarter', 'consolidation:Media and Electronics', 'Revenue', { columns: 'Quarter' }),
  sales('Promotion Effect', 'Promotion Type, Promotion', 'Revenue, Discount, Units Sold'),
  sales('Half Year Comparison', 'consolidation:Half Years', 'Revenue, Profit', {
    only: 'dev',
    owner: 'Tutorial Architect',
  }),
  sales('Year to Date Revenue', 'Day', 'Revenue, Revenue Year to Date', { filter: 'Last 2 years' }),
];

const CUSTOMER_REPORTS: readonly Stated<ReportRow>[] = [
  customers('Customer Analysis', 'Customer', 'Revenue, Order Count, Avg Revenue per Customer', {
    filter: 'Top customers',
  }),
  customers('Customers by Income Bracket', 'Income Bracket', 'Count of Customers, Revenue'),
  customers('Customers by Age Group', 'group:Age Groups', 'Count of Customers, Profit per Customer'),
  customers('Customer Value Bands', 'group:Customers Value Banding', 'Revenue, Profit', { columns: 'Year' }),
  customers('Customer Geography', 'consolidation:Customer Geography', 'Revenue, Count of Customers'),
  customers('Gender and Education', 'Customer Gender, Education', 'Count of Customers, Orders per Customer'),
  customers('Households', 'Marital Status, Housing Type', 'Revenue, Profit'),
  customers('City Coverage', 'Customer State, Customer City', 'Count of Cities, Revenue', {
    pageBy: 'Customer Region',
  }),
  customers('Running Contribution', 'Customer', 'Revenue, Running Revenue Contribution to All Customers Abs.', {
    filter: 'Western web customers',
  }),
  customers('Customer Status Overview', 'Customer Status', 'Count of Customers', { kind: 'graphReport' }),
  customers('Dormant Customers', 'Customer, Customer Status', 'Count of Customers', {
    only: 'prod',
    filter: 'Dormant customers',
  }),
];

const STOCK_REPORTS: readonly Stated<ReportRow>[] = [
  stock('Inventory Received from Suppliers by Quarter', 'Supplier, Quarter', 'Units Received'),
  stock('Stock Turnover by Category', 'Category', 'Stock Turnover, Average on Hand'),
  stock('Stock Gaps', 'Item', 'Target Quantity, End on Hand, Stock Gap', { filter: 'Slow sellers' }),
  stock('On Hand by Month', 'Month', 'Beginning on Hand, End on Hand', { kind: 'graphReport' }),
  stock('Shipping Methods', 'Shipper', 'Freight, Order Count', {
    pageBy: 'Year',
    prod: { folder: 'Financial Reporting' },
  }),
  stock('Packaging by Shipper', 'Shipper', 'Packaging Weight, CO2 per Order', {
    only: 'dev',
    owner: 'Tutorial Architect',
  }),
];

const PEOPLE_REPORTS: readonly Stated<ReportRow>[] = [
  people('Employee Headcount by Country', 'Country, Distribution Center', 'Employee Count', { acl: PERSONNEL }),
  people('Revenue per Employee', 'Manager, Employee', 'Revenue, Average Revenue per Employee', { acl: PERSONNEL }),
  people('Length of Employment', 'Employee, Hire Date', 'Employee Count', { acl: PERSONNEL }),
  people('Birthdays by Region', 'Employee Birth Date, Region', 'Employee Count', {
    acl: PERSONNEL,
    prod: { acl: STANDARD_ACL },
  }),
];

const FINANCE_REPORTS: readonly Stated<ReportRow>[] = [
  finance('Actual vs. Forecast', 'Month', 'Revenue, Revenue Forecast, Profit, Profit Forecast'),
  finance('Margin Forecast', 'Quarter', 'Profit Margin, Profit Margin Forecast', {
    dateModified: '2017-03-03T03:03:03.000+0000',
    prod: { editedAt: '2023-01-09T09:41:00.000+0000', rows: 'Month', filter: 'Last 5 years' },
  }),
  finance('Cost Growth', 'Category', "Cost, Last Year's Cost, Cost Growth", { columns: 'Year' }),
  finance('Payment Methods', 'Payment Method', 'Order Count, Revenue, Average Order Value'),
  finance('Rush Orders', 'Rush Order, Ship Date', 'Revenue of Rush Orders, Freight', { filter: 'Rush orders' }),
  finance('Median Order Values', 'Month', 'Median Order Value', { only: 'prod' }),
  finance('Regional Profit on Cube', 'Region', 'Revenue, Profit', {
    cube: 'Year, Category Analysis',
    viewFilter: 'Last 2 years',
  }),
];

const PROMPTED_REPORTS: readonly Stated<ReportRow>[] = [
  prompted('1 - Regions of your choice', 'Region', 'Revenue, Profit', { filter: 'Chosen region' }),
  prompted('2 - Subcategories of your choice', 'Subcategory', 'Revenue', { filter: 'Chosen subcategories' }),
  prompted('3 - Customers by age', 'Customer', 'Revenue', { filter: 'by age' }),
];

export const REPORTS: readonly Stated<ReportRow>[] = [
  ...SALES_REPORTS,
  ...CUSTOMER_REPORTS,
  ...STOCK_REPORTS,
  ...PEOPLE_REPORTS,
  ...FINANCE_REPORTS,
  ...PROMPTED_REPORTS,
];

export const CUBES: readonly Stated<CubeRow>[] = [
  {
    name: 'Year, Category Analysis',
    attributes: 'Year, Category, Region',
    metrics: 'Revenue, Cost, Profit, Units Sold',
    dateModified: '2022-05-09T09:37:11.000+0000',
    prod: {
      editedAt: '2018-11-05T11:05:18.000+0000',
      attributes: 'Year, Category, Region',
      metrics: 'Revenue, Profit',
    },
  },
  {
    name: 'Actual vs Forecast Performance Cube',
    attributes: 'Month, Year, Call Center, Region',
    metrics: 'Revenue, Revenue Forecast, Profit Margin, Profit Margin Forecast',
  },
  {
    name: 'Customer Cube',
    attributes: 'Customer, Customer City, Income Bracket, Year',
    metrics: 'Revenue, Order Count',
  },
  {
    name: 'Inventory Cube',
    attributes: 'Item, Month, Supplier',
    metrics: 'Beginning on Hand, End on Hand, Stock Turnover',
  },
  {
    name: 'Employee Cube',
    attributes: 'Employee, Manager, Call Center',
    metrics: 'Revenue, Average Revenue per Employee',
    acl: [...STANDARD_ACL, grant(idOf('userGroup', 'Human Resources'), 255)],
  },
  {
    name: 'Intelligent Cube - Drilling outside the cube is disabled',
    attributes: 'Region, Category, Quarter',
    metrics: 'Revenue, Profit',
    filter: 'Last 2 years',
  },
  {
    name: 'Sustainability Cube',
    attributes: 'Order, Item, Day',
    metrics: 'Packaging Weight, CO2 Weight',
    only: 'dev',
    owner: 'Tutorial Architect',
  },
  {
    name: 'Retired Sales Cube',
    attributes: 'Year, Category',
    metrics: 'Revenue in Thousands',
    only: 'prod',
    hidden: true,
  },
];

export const TEMPLATES: readonly Stated<TemplateRow>[] = [
  { name: 'Call Center Analysis', rows: 'Region, Call Center', metrics: 'Revenue, Profit, Employee Count' },
  { name: 'Time Analysis', rows: 'Year, Quarter, Month', metrics: "Revenue, Last Year's Revenue" },
  { name: 'Product Analysis', rows: 'Category, Subcategory, Item', metrics: 'Units Sold, Revenue, Profit Margin' },
  {
    name: 'Customer Profile',
    rows: 'Customer, Income Bracket',
    metrics: 'Revenue, Order Count',
    dateModified: '2018-02-20T10:00:00.000+0000',
    prod: { editedAt: '2020-10-10T10:10:10.000+0000', rows: 'Customer, Age Range, Income Bracket' },
  },
];
