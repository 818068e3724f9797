/**
 * The warehouse of the Tutorial: every table with its columns, in the compact form `NAME: 'COLUMN COLUMN …'`. Attributes
 * and facts map to tables by column name, so this is what most of the schema follows from.
 */
export interface WarehouseTable {
  readonly name: string;
  readonly folder: 'Lookup Tables' | 'Relationship Tables' | 'Fact Tables';
  readonly columns: readonly string[];
  /** Relative size by which a table is chosen for a query; the smaller one wins. */
  readonly logicalSize: number;
  readonly since?: 'dev';
}

const table = (
  folder: WarehouseTable['folder'],
  logicalSize: number,
  name: string,
  columns: string,
): WarehouseTable => ({
  name,
  folder,
  logicalSize,
  columns: columns.split(' '),
});

const lookup = (name: string, columns: string): WarehouseTable => table('Lookup Tables', 3, name, columns);
const relationship = (name: string, columns: string): WarehouseTable => table('Relationship Tables', 6, name, columns);
const fact = (size: number, name: string, columns: string): WarehouseTable => table('Fact Tables', size, name, columns);

const SALES = 'TOT_DOLLAR_SALES TOT_UNIT_SALES TOT_COST';
const GROSS_SALES = `${SALES} GROSS_DOLLAR_SALES`;
const STOCK = 'BOH_QTY EOH_QTY UNIT_COST';

export const WAREHOUSE: readonly WarehouseTable[] = [
  lookup('LU_YEAR', 'YEAR_ID YEAR_DATE YEAR_DURATION PREV_YEAR_ID'),
  { ...lookup('LU_HALF_YEAR', 'HALF_YEAR_ID HALF_YEAR_DESC YEAR_ID'), since: 'dev' },
  lookup('LU_QUARTER', 'QUARTER_ID QUARTER_DESC QUARTER_DATE QUARTER_DURATION PREV_QUARTER_ID LY_QUARTER_ID YEAR_ID'),
  lookup(
    'LU_MONTH',
    'MONTH_ID MONTH_DESC MONTH_OF_YEAR MONTH_DATE MONTH_DURATION PREV_MONTH_ID LQ_MONTH_ID LY_MONTH_ID QUARTER_ID YEAR_ID',
  ),
  lookup('LU_MONTH_OF_YEAR', 'MONTH_OF_YEAR MONTH_OF_YEAR_NAME'),
  lookup('LU_DAY', 'DAY_DATE MONTH_ID QUARTER_ID YEAR_ID PREV_DAY_DATE LM_DAY_DATE LQ_DAY_DATE LY_DAY_DATE'),
  relationship('YTD_DAY', 'DAY_DATE YTD_DAY_DATE'),
  relationship('MTD_DAY', 'DAY_DATE MTD_DAY_DATE'),

  lookup('LU_COUNTRY', 'COUNTRY_ID COUNTRY_NAME'),
  lookup('LU_REGION', 'REGION_ID REGION_NAME COUNTRY_ID'),
  lookup('LU_CALL_CTR', 'CALL_CTR_ID CENTER_NAME REGION_ID COUNTRY_ID DIST_CTR_ID MANAGER_ID LATITUDE LONGITUDE'),
  lookup('LU_DIST_CTR', 'DIST_CTR_ID DIST_CTR_NAME COUNTRY_ID LATITUDE LONGITUDE'),
  lookup('LU_MANAGER', 'MANAGER_ID MGR_LAST_NAME MGR_FIRST_NAME'),
  lookup(
    'LU_EMPLOYEE',
    'EMP_ID EMP_LAST_NAME EMP_FIRST_NAME BIRTH_DATE HIRE_DATE SALARY FTE_FLAG MANAGER_ID CALL_CTR_ID DIST_CTR_ID COUNTRY_ID',
  ),

  lookup('LU_CATEGORY', 'CATEGORY_ID CATEGORY_DESC'),
  lookup('LU_SUBCATEG', 'SUBCAT_ID SUBCAT_DESC CATEGORY_ID'),
  lookup('LU_ITEM', 'ITEM_ID ITEM_NAME ITEM_LONG_DESC SUBCAT_ID SUPPLIER_ID BRAND_ID DISC_CD WARRANTY ITEM_URL'),
  lookup('LU_BRAND', 'BRAND_ID BRAND_DESC'),
  lookup('LU_SUPPLIER', 'SUPPLIER_ID SUPPLIER_NAME'),
  lookup('LU_CATALOG', 'CAT_ID CAT_DESC'),
  relationship('REL_CAT_ITEM', 'CAT_ID ITEM_ID PAGE_NUM'),
  lookup('LU_PROMO_TYPE', 'PROMO_TYPE_ID PROMO_TYPE_DESC'),
  lookup('LU_PROMOTION', 'PROMOTION_ID PROMOTION_DESC PROMO_TYPE_ID'),

  lookup(
    'LU_CUSTOMER',
    'CUSTOMER_ID CUST_LAST_NAME CUST_FIRST_NAME EMAIL ADDRESS ZIPCODE CUST_BIRTHDATE AGE_YEARS GENDER_ID CUST_CITY_ID INCOME_ID AGERANGE_ID EDUCATION_ID MARITALSTATUS_ID HOUSINGTYPE_ID CUST_STATUS_ID',
  ),
  lookup('LU_CUST_CITY', 'CUST_CITY_ID CUST_CITY_NAME CUST_STATE_ID LATITUDE LONGITUDE'),
  lookup('LU_CUST_STATE', 'CUST_STATE_ID CUST_STATE_NAME CUST_REGION_ID'),
  lookup('LU_CUST_REGION', 'CUST_REGION_ID CUST_REGION_NAME'),
  lookup('LU_INCOME', 'INCOME_ID BRACKET_DESC'),
  lookup('LU_AGERANGE', 'AGERANGE_ID AGERANGE_DESC'),
  lookup('LU_GENDER', 'GENDER_ID GENDER_DESC'),
  lookup('LU_EDUCATION', 'EDUCATION_ID EDUCATION_DESC'),
  lookup('LU_MARITALSTATUS', 'MARITALSTATUS_ID MARITALSTATUS_DESC'),
  lookup('LU_HOUSINGTYPE', 'HOUSINGTYPE_ID HOUSINGTYPE_DESC'),
  lookup('LU_CUST_STATUS', 'CUST_STATUS_ID CUST_STATUS_DESC'),
  lookup('LU_SHIPPER', 'SHIPPER_ID SHIPPER_DESC'),
  lookup('LU_PYMT_TYPE', 'PYMT_TYPE PYMT_DESC'),

  fact(
    20,
    'ORDER_FACT',
    'ORDER_ID CUSTOMER_ID EMP_ID ORDER_DATE SHIP_DATE SHIPPER_ID PYMT_TYPE RUSH_ORDER ORDER_AMT ORDER_COST QTY_SOLD FREIGHT',
  ),
  fact(
    24,
    'ORDER_DETAIL',
    'ORDER_ID ITEM_ID CUSTOMER_ID EMP_ID PROMOTION_ID ORDER_DATE QTY_SOLD UNIT_PRICE UNIT_COST DISCOUNT',
  ),
  fact(14, 'DAY_CTR_SLS', `DAY_DATE CALL_CTR_ID ${GROSS_SALES}`),
  fact(15, 'CITY_CTR_SLS', `CUST_CITY_ID CALL_CTR_ID ${GROSS_SALES}`),
  fact(13, 'CITY_MNTH_SLS', `CUST_CITY_ID MONTH_ID ${GROSS_SALES}`),
  fact(12, 'CITY_SUBCATEG_SLS', `CUST_CITY_ID SUBCAT_ID ${GROSS_SALES}`),
  fact(12, 'CUSTOMER_SLS', `CUSTOMER_ID ${GROSS_SALES}`),
  fact(18, 'ITEM_CCTR_MNTH_SLS', `ITEM_ID CALL_CTR_ID MONTH_ID ${SALES}`),
  fact(15, 'ITEM_MNTH_SLS', `ITEM_ID MONTH_ID ${SALES}`),
  fact(16, 'ITEM_EMP_SLS', `ITEM_ID EMP_ID ${SALES}`),
  fact(14, 'STATE_SUBCATEG_MNTH_SLS', `CUST_STATE_ID SUBCAT_ID MONTH_ID ${SALES}`),
  fact(9, 'MNTH_CATEGORY_SLS', `MONTH_ID CATEGORY_ID ${SALES}`),
  fact(8, 'QTR_CATEGORY_SLS', `QUARTER_ID CATEGORY_ID ${SALES}`),
  fact(7, 'YR_CATEGORY_SLS', `YEAR_ID CATEGORY_ID ${SALES}`),
  fact(10, 'CALL_CTR_FORECAST', 'MONTH_ID CALL_CTR_ID FCST_DOLLAR_SALES FCST_UNIT_SALES FCST_COST'),
  fact(13, 'INVENTORY_CURR', `ITEM_ID TARGET_QTY ${STOCK}`),
  fact(14, 'INVENTORY_ORDERS', 'ITEM_ID MONTH_ID DIST_CTR_ID UNITS_RECEIVED EOH_QTY BOH_QTY UNIT_COST'),
  fact(11, 'INVENTORY_Q1', `ITEM_ID MONTH_ID ${STOCK}`),
  fact(11, 'INVENTORY_Q2', `ITEM_ID MONTH_ID ${STOCK}`),
  { ...fact(19, 'ORDER_PACKAGING', 'ORDER_ID ITEM_ID ORDER_DATE PACKAGING_WEIGHT CO2_WEIGHT'), since: 'dev' },
];

/** Columns that have another type than their name says. */
const TYPE_BY_COLUMN: Readonly<Record<string, string>> = {
  MONTH_OF_YEAR: 'integer',
  PYMT_TYPE: 'integer',
  WARRANTY: 'text',
  DISC_CD: 'text',
  FTE_FLAG: 'integer',
  RUSH_ORDER: 'integer',
  AGE_YEARS: 'integer',
  PAGE_NUM: 'integer',
  YEAR_DURATION: 'integer',
  QUARTER_DURATION: 'integer',
  MONTH_DURATION: 'integer',
  CUST_BIRTHDATE: 'date',
};

const TYPE_BY_ENDING: readonly (readonly [string, string])[] = [
  ['_ID', 'integer'],
  ['_DATE', 'date'],
  ['_DESC', 'text'],
  ['_NAME', 'text'],
  ['EMAIL', 'text'],
  ['ADDRESS', 'text'],
  ['ZIPCODE', 'text'],
  ['_URL', 'text'],
];

const DATA_TYPES: Readonly<Record<string, { type: string; precision: number; scale: number }>> = {
  integer: { type: 'integer', precision: 4, scale: -2147483648 },
  date: { type: 'date', precision: 0, scale: 0 },
  text: { type: 'n_var_char', precision: 50, scale: -2147483648 },
  number: { type: 'double', precision: 0, scale: -2147483648 },
};

export type DataType = { type: string; precision: number; scale: number };

/** The data type of a column, by its name. */
export function dataTypeOf(column: string): DataType {
  const ending = TYPE_BY_ENDING.find(([text]) => column.endsWith(text));
  const dataType = DATA_TYPES[TYPE_BY_COLUMN[column] ?? ending?.[1] ?? 'number'];
  if (dataType === undefined) throw new Error(`no data type for the column ${column}`);
  return { ...dataType };
}

/** The tables that exist in a state. */
export function warehouseIn(state: 'dev' | 'prod'): WarehouseTable[] {
  return WAREHOUSE.filter((entry) => entry.since === undefined || state === 'dev');
}

/** The names of the tables that hold a column, or hold all of several. */
export function tablesWith(state: 'dev' | 'prod', columns: readonly string[]): string[] {
  return warehouseIn(state)
    .filter((entry) => columns.every((column) => entry.columns.includes(column)))
    .map((entry) => entry.name);
}
