import { useRef, type ReactNode } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { texts } from '../texts/index.ts';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** CSS width of the column; columns without one share what is left. */
  readonly width?: string;
  readonly align?: 'end';
  readonly sortable?: true;
}

export interface Sort {
  readonly column: string;
  readonly order: 'ascending' | 'descending';
}

export interface TableProps<Row> {
  /** What the table is, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: Sort;
  readonly onSort?: (column: string) => void;
  /** Height of the box in which the rows scroll; absent: as high as its rows, up to most of the window. */
  readonly height?: string;
  /** Pixels; all rows are as high. */
  readonly rowHeight?: number;
}

const ROW_HEIGHT = 40;
const OVERSCAN = 12;

/** A table of any length: only the rows in sight, and some around them, are in the page. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  height = '70vh',
  rowHeight = ROW_HEIGHT,
}: TableProps<Row>) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="table-box" ref={box} style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
      <table className="table" aria-rowcount={rows.length + 1} aria-label={label}>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={width === undefined ? {} : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Header key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={above} columns={columns.length} />
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr key={rowKey(row)} aria-rowindex={index + 2} style={{ height: rowHeight }}>
                {columns.map(({ id, cell, align }) => (
                  <td key={id} className={align}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Spacer height={below} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

interface HeaderProps<Row> {
  readonly column: Column<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: ((column: string) => void) | undefined;
}

function Header<Row>({ column, sort, onSort }: HeaderProps<Row>) {
  const isSorted = sort?.column === column.id;
  const arrow = isSorted ? (sort.order === 'ascending' ? ' ↑' : ' ↓') : '';
  return (
    <th scope="col" className={column.align} aria-sort={isSorted ? sort.order : undefined}>
      {column.sortable && onSort ? (
        <button type="button" onClick={() => onSort(column.id)} title={texts.common.sortBy(column.header)}>
          {column.header}
          <span aria-hidden="true">{arrow}</span>
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

/** Stands for the rows that are not in the page. */
const Spacer = ({ height, columns }: { readonly height: number; readonly columns: number }) =>
  height > 0 ? (
    <tr className="spacer" aria-hidden="true">
      <td colSpan={columns} style={{ height }} />
    </tr>
  ) : null;
