import { inState, link, links } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';
import { dataTypeOf, warehouseIn } from './warehouse.ts';
import type { WarehouseTable } from './warehouse.ts';

/** What became of single columns and tables over time; the rest is as old as the project. */
const COLUMN_HISTORY: Readonly<Record<string, Omit<Stated<RowBase>, 'name'>>> = {
  YEAR_DURATION: { dateModified: '2018-05-14T09:20:11.000+0000', prod: { editedAt: '2012-06-06T12:12:35.000+0000' } },
  MONTH_DESC: { dateModified: '2014-02-11T16:01:09.000+0000', prod: { editedAt: '2019-11-25T07:45:30.000+0000' } },
};

const TABLE_HISTORY: Readonly<Record<string, Omit<Stated<RowBase>, 'name'>>> = {
  LU_YEAR: { dateCreated: '2001-01-02T20:48:55.000+0000' },
  LU_MONTH_OF_YEAR: { prod: { folder: 'Relationship Tables' } },
  LU_DAY: { dateModified: '2022-02-09T03:43:09.000+0000', prod: { editedAt: '2015-03-16T02:50:54.000+0000' } },
  CITY_CTR_SLS: { dateModified: '2012-06-06T12:12:35.000+0000', prod: { editedAt: '2020-08-18T10:05:00.000+0000' } },
};

/** What is in the definition of a version of production that is not in the one of dev. */
const PRODUCTION_SIZES: Readonly<Record<string, number>> = { LU_DAY: 5, CITY_CTR_SLS: 11 };

const CREATED = '2001-01-02T20:48:30.000+0000';

function rowFor(name: string, history: Readonly<Record<string, Omit<Stated<RowBase>, 'name'>>>): Stated<RowBase> {
  return { name, dateCreated: CREATED, ...history[name] };
}

/** All columns of the warehouse; a column that stands in several tables is one object. */
export function addColumns(draft: ProjectDraft): void {
  const names = new Set(warehouseIn(draft.state).flatMap((entry) => entry.columns));
  const rows = [...names].map((name) => rowFor(name, COLUMN_HISTORY));
  for (const row of inState(rows, draft.state)) {
    const isRevised = draft.state === 'prod' && COLUMN_HISTORY[row.name]?.prod !== undefined;
    const dataType = dataTypeOf(row.name);
    const definition = {
      columnName: row.name,
      dataType: isRevised ? { ...dataType, precision: dataType.precision * 2 } : dataType,
    };
    draft.add('column', row, { definition });
  }
}

function physicalTable(entry: WarehouseTable): {
  tableName: string;
  namespace: string;
  tablePrefix: string;
  type: string;
} {
  return { tableName: entry.name, namespace: 'dbo', tablePrefix: 'dbo.', type: 'normal' };
}

/** Every table twice, as the project has it: as it stands in the warehouse, and as the schema sees it. */
export function addTables(draft: ProjectDraft): void {
  const entries = warehouseIn(draft.state);
  for (const entry of entries) {
    const columns = links('column', entry.columns);
    const row: RowBase = { name: entry.name, dateCreated: CREATED };
    const primaryDataSource = link('dataSource', 'Tutorial Data');
    draft.add('physicalTable', row, { definition: { ...physicalTable(entry), columns, primaryDataSource } });
  }
  const rows = entries.map((entry) => ({ folder: entry.folder, entry, ...rowFor(entry.name, TABLE_HISTORY) }));
  for (const { entry, ...row } of inState(rows, draft.state)) {
    const columns = entry.columns.map((name) => ({
      information: link('column', name),
      columnName: name,
      dataType: dataTypeOf(name),
    }));
    const definition = {
      physicalTable: { information: link('physicalTable', entry.name), ...physicalTable(entry), columns },
      primaryDataSource: link('dataSource', 'Tutorial Data'),
      logicalSize: (draft.state === 'prod' ? PRODUCTION_SIZES[entry.name] : undefined) ?? entry.logicalSize,
      isLogicalSizeLocked: entry.name === 'ORDER_DETAIL',
      isTrueKey: entry.folder !== 'Relationship Tables',
      isPartOfPartition: entry.name.startsWith('INVENTORY_Q'),
    };
    draft.add('table', row, { definition });
  }
}
