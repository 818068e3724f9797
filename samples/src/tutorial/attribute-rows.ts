import { grant, idOf, STANDARD_ACL } from './project-draft.ts';
import type { RowBase, Stated } from './project-draft.ts';

/** An attribute: where its elements are looked up, its forms, and its children with the table that joins them. */
export interface AttributeRow extends RowBase {
  readonly lookup: string;
  /** Columns of the ID form; more than one where tables call it differently. */
  readonly ids: readonly string[];
  readonly desc?: string;
  readonly otherForms?: Readonly<Record<string, string>>;
  readonly children?: Readonly<Record<string, string>>;
  readonly format?: 'number' | 'text' | 'date' | 'email' | 'url';
  readonly sort?: 'ascending' | 'descending';
}

const IN_HUMAN_RESOURCES = [...STANDARD_ACL, grant(idOf('userGroup', 'Human Resources'), 255)];

const TIME: readonly Stated<AttributeRow>[] = [
  {
    name: 'Year',
    lookup: 'LU_YEAR',
    ids: ['YEAR_ID'],
    children: { 'Half Year': 'LU_HALF_YEAR', Quarter: 'LU_QUARTER', Month: 'LU_MONTH' },
    names: ['Jahr', 'Année', 'Año'],
    dateCreated: '2001-01-02T20:48:10.000+0000',
    dateModified: '2021-03-04T03:53:09.000+0000',
    version: '2215B50211EB7C9D8F150080EF651EEA',
    prod: { editedAt: '2012-06-06T12:13:04.000+0000', names: ['Jahr'] },
  },
  {
    name: 'Half Year',
    folder: 'Business Calendar',
    lookup: 'LU_HALF_YEAR',
    ids: ['HALF_YEAR_ID'],
    desc: 'HALF_YEAR_DESC',
    only: 'dev',
    owner: 'Tutorial Architect',
    names: ['Halbjahr', 'Semestre', 'Semestre'],
    dateCreated: '2021-02-26T03:18:50.000+0000',
    dateModified: '2021-03-04T03:50:41.000+0000',
  },
  {
    name: 'Quarter',
    lookup: 'LU_QUARTER',
    ids: ['QUARTER_ID'],
    desc: 'QUARTER_DESC',
    children: { Month: 'LU_MONTH' },
    names: ['Quartal', 'Trimestre', 'Trimestre'],
    dateModified: '2021-03-04T03:52:17.000+0000',
    prod: { editedAt: '2022-11-09T15:47:55.000+0000', description: 'Quarter of the calendar year', sort: 'descending' },
  },
  {
    name: 'Month',
    lookup: 'LU_MONTH',
    ids: ['MONTH_ID'],
    desc: 'MONTH_DESC',
    children: { Day: 'LU_DAY' },
    names: ['Monat', 'Mois', 'Mes'],
    dateModified: '2020-10-20T11:14:52.000+0000',
    prod: { editedAt: '2016-02-02T21:42:28.000+0000', sort: 'descending' },
  },
  {
    name: 'Month of Year',
    lookup: 'LU_MONTH_OF_YEAR',
    ids: ['MONTH_OF_YEAR'],
    desc: 'MONTH_OF_YEAR_NAME',
    children: { Month: 'LU_MONTH' },
    prod: { folder: 'Time (archive)' },
  },
  {
    name: 'Day',
    lookup: 'LU_DAY',
    ids: ['DAY_DATE', 'ORDER_DATE'],
    format: 'date',
    names: ['Tag', 'Jour', 'Día'],
    dateModified: '2022-02-09T03:43:09.000+0000',
    prod: { editedAt: '2015-03-16T02:50:54.000+0000' },
  },
];

const GEOGRAPHY: readonly Stated<AttributeRow>[] = [
  {
    name: 'Country',
    lookup: 'LU_COUNTRY',
    ids: ['COUNTRY_ID'],
    desc: 'COUNTRY_NAME',
    children: { Region: 'LU_REGION', 'Distribution Center': 'LU_DIST_CTR' },
    names: ['Land', 'Pays', 'País'],
  },
  {
    name: 'Region',
    lookup: 'LU_REGION',
    ids: ['REGION_ID'],
    desc: 'REGION_NAME',
    children: { 'Call Center': 'LU_CALL_CTR' },
    prod: { acl: [...STANDARD_ACL, grant(idOf('userGroup', 'Regional Managers'), 221)] },
  },
  {
    name: 'Distribution Center',
    lookup: 'LU_DIST_CTR',
    ids: ['DIST_CTR_ID'],
    desc: 'DIST_CTR_NAME',
    otherForms: { Latitude: 'LATITUDE', Longitude: 'LONGITUDE' },
    children: { 'Call Center': 'LU_CALL_CTR' },
  },
  {
    name: 'Call Center',
    lookup: 'LU_CALL_CTR',
    ids: ['CALL_CTR_ID'],
    desc: 'CENTER_NAME',
    otherForms: { Latitude: 'LATITUDE', Longitude: 'LONGITUDE' },
    children: { Employee: 'LU_EMPLOYEE' },
    dateModified: '2020-01-27T08:30:00.000+0000',
    prod: { editedAt: '2021-06-17T09:53:26.000+0000', sort: 'ascending' },
  },
  {
    name: 'Manager',
    lookup: 'LU_MANAGER',
    ids: ['MANAGER_ID'],
    otherForms: { 'Last Name': 'MGR_LAST_NAME', 'First Name': 'MGR_FIRST_NAME' },
    children: { 'Call Center': 'LU_CALL_CTR', Employee: 'LU_EMPLOYEE' },
  },
  {
    name: 'Employee',
    lookup: 'LU_EMPLOYEE',
    ids: ['EMP_ID'],
    otherForms: { 'Last Name': 'EMP_LAST_NAME', 'First Name': 'EMP_FIRST_NAME' },
    names: ['Mitarbeiter', 'Employé', 'Empleado'],
  },
  { name: 'Employee Birth Date', lookup: 'LU_EMPLOYEE', ids: ['BIRTH_DATE'], format: 'date', acl: IN_HUMAN_RESOURCES },
  { name: 'Hire Date', lookup: 'LU_EMPLOYEE', ids: ['HIRE_DATE'], format: 'date', acl: IN_HUMAN_RESOURCES },
  { name: 'Salary', lookup: 'LU_EMPLOYEE', ids: ['SALARY'], acl: IN_HUMAN_RESOURCES },
];

const PRODUCTS: readonly Stated<AttributeRow>[] = [
  {
    name: 'Category',
    lookup: 'LU_CATEGORY',
    ids: ['CATEGORY_ID'],
    desc: 'CATEGORY_DESC',
    children: { Subcategory: 'LU_SUBCATEG' },
    names: ['Kategorie', 'Catégorie', 'Categoría'],
  },
  {
    name: 'Subcategory',
    lookup: 'LU_SUBCATEG',
    ids: ['SUBCAT_ID'],
    desc: 'SUBCAT_DESC',
    children: { Item: 'LU_ITEM' },
    dateModified: '2021-03-23T01:17:19.000+0000',
    prod: { editedAt: '2012-06-06T12:13:04.000+0000', sort: 'ascending' },
  },
  {
    name: 'Item',
    lookup: 'LU_ITEM',
    ids: ['ITEM_ID'],
    desc: 'ITEM_NAME',
    otherForms: { 'Long Description': 'ITEM_LONG_DESC', Web: 'ITEM_URL' },
    names: ['Artikel', 'Article', 'Artículo'],
    dateModified: '2022-06-15T13:21:47.000+0000',
    prod: { editedAt: '2017-04-03T06:12:22.000+0000' },
  },
  { name: 'Brand', lookup: 'LU_BRAND', ids: ['BRAND_ID'], desc: 'BRAND_DESC', children: { Item: 'LU_ITEM' } },
  {
    name: 'Supplier',
    lookup: 'LU_SUPPLIER',
    ids: ['SUPPLIER_ID'],
    desc: 'SUPPLIER_NAME',
    children: { Item: 'LU_ITEM' },
  },
  { name: 'Catalog', lookup: 'LU_CATALOG', ids: ['CAT_ID'], desc: 'CAT_DESC', children: { Item: 'REL_CAT_ITEM' } },
  { name: 'Discontinued Code', lookup: 'LU_ITEM', ids: ['DISC_CD'], format: 'text' },
  { name: 'Warranty', lookup: 'LU_ITEM', ids: ['WARRANTY'], format: 'text' },
  {
    name: 'Promotion Type',
    lookup: 'LU_PROMO_TYPE',
    ids: ['PROMO_TYPE_ID'],
    desc: 'PROMO_TYPE_DESC',
    children: { Promotion: 'LU_PROMOTION' },
  },
  { name: 'Promotion', lookup: 'LU_PROMOTION', ids: ['PROMOTION_ID'], desc: 'PROMOTION_DESC' },
];

const traitOfCustomer = (name: string, column: string, desc: string, lookup: string): Stated<AttributeRow> => ({
  name,
  lookup,
  ids: [column],
  desc,
  children: { Customer: 'LU_CUSTOMER' },
});

const CUSTOMERS: readonly Stated<AttributeRow>[] = [
  {
    name: 'Customer Region',
    lookup: 'LU_CUST_REGION',
    ids: ['CUST_REGION_ID'],
    desc: 'CUST_REGION_NAME',
    children: { 'Customer State': 'LU_CUST_STATE' },
  },
  {
    name: 'Customer State',
    lookup: 'LU_CUST_STATE',
    ids: ['CUST_STATE_ID'],
    desc: 'CUST_STATE_NAME',
    children: { 'Customer City': 'LU_CUST_CITY' },
  },
  {
    name: 'Customer City',
    lookup: 'LU_CUST_CITY',
    ids: ['CUST_CITY_ID'],
    desc: 'CUST_CITY_NAME',
    otherForms: { Latitude: 'LATITUDE', Longitude: 'LONGITUDE' },
    children: { Customer: 'LU_CUSTOMER' },
  },
  {
    name: 'Customer',
    lookup: 'LU_CUSTOMER',
    ids: ['CUSTOMER_ID'],
    otherForms: {
      'Customer DESC 1': 'CUST_LAST_NAME',
      'Customer DESC 2': 'CUST_FIRST_NAME',
      Email: 'EMAIL',
      Address: 'ADDRESS',
    },
    children: { Order: 'ORDER_FACT' },
    names: ['Kunde', 'Client', 'Cliente'],
  },
  { name: 'Customer Age', lookup: 'LU_CUSTOMER', ids: ['AGE_YEARS'], children: { Customer: 'LU_CUSTOMER' } },
  { name: 'Customer Birth Date', lookup: 'LU_CUSTOMER', ids: ['CUST_BIRTHDATE'], format: 'date' },
  { name: 'Zip Code', lookup: 'LU_CUSTOMER', ids: ['ZIPCODE'], format: 'text', prod: { folder: 'Geography' } },
  traitOfCustomer('Age Range', 'AGERANGE_ID', 'AGERANGE_DESC', 'LU_AGERANGE'),
  traitOfCustomer('Income Bracket', 'INCOME_ID', 'BRACKET_DESC', 'LU_INCOME'),
  traitOfCustomer('Customer Gender', 'GENDER_ID', 'GENDER_DESC', 'LU_GENDER'),
  traitOfCustomer('Education', 'EDUCATION_ID', 'EDUCATION_DESC', 'LU_EDUCATION'),
  traitOfCustomer('Marital Status', 'MARITALSTATUS_ID', 'MARITALSTATUS_DESC', 'LU_MARITALSTATUS'),
  traitOfCustomer('Housing Type', 'HOUSINGTYPE_ID', 'HOUSINGTYPE_DESC', 'LU_HOUSINGTYPE'),
  traitOfCustomer('Customer Status', 'CUST_STATUS_ID', 'CUST_STATUS_DESC', 'LU_CUST_STATUS'),
];

const ORDERS: readonly Stated<AttributeRow>[] = [
  {
    name: 'Order',
    lookup: 'ORDER_FACT',
    ids: ['ORDER_ID'],
    dateModified: '2022-06-15T13:22:05.000+0000',
    prod: { editedAt: '2014-10-28T17:30:41.000+0000' },
  },
  { name: 'Ship Date', lookup: 'ORDER_FACT', ids: ['SHIP_DATE'], format: 'date', children: { Order: 'ORDER_FACT' } },
  { name: 'Rush Order', lookup: 'ORDER_FACT', ids: ['RUSH_ORDER'], children: { Order: 'ORDER_FACT' } },
  {
    name: 'Shipper',
    lookup: 'LU_SHIPPER',
    ids: ['SHIPPER_ID'],
    desc: 'SHIPPER_DESC',
    children: { Order: 'ORDER_FACT' },
  },
  {
    name: 'Payment Method',
    lookup: 'LU_PYMT_TYPE',
    ids: ['PYMT_TYPE'],
    desc: 'PYMT_DESC',
    children: { Order: 'ORDER_FACT' },
    prod: { acl: [...STANDARD_ACL, grant(idOf('userGroup', 'Finance Analysts'), 255)] },
  },
];

const inFolder = (folder: string, rows: readonly Stated<AttributeRow>[]): Stated<AttributeRow>[] =>
  rows.map((row) => ({ folder, ...row }));

export const ATTRIBUTES: readonly Stated<AttributeRow>[] = [
  ...inFolder('Time', TIME),
  ...inFolder('Geography', GEOGRAPHY),
  ...inFolder('Products', PRODUCTS),
  ...inFolder('Customers', CUSTOMERS),
  ...inFolder('Orders', ORDERS),
];
