import { useDeferredValue, useMemo } from 'react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Empty, ErrorState, Loading, Notice, Table } from '../../design/index.ts';
import { countText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { COLUMNS } from './columns.tsx';
import { Filters } from './filters.tsx';
import type { MigrationsSearch } from './migrations-search.ts';
import { isRunning } from './model/migration-status.ts';
import { nextSort, selectRows, sortOf } from './model/select-rows.ts';
import { MOST_RECORDS, useMigrations, type MigrationsRead } from './use-migrations.ts';
import './migrations.css';

const t = texts.migrations;

export function MigrationsPage() {
  const search = useSearch({ from: '/migrations' });
  const navigate = useNavigate();
  const read = useMigrations();
  const asked = useDeferredValue(search);
  const shown = useMemo(() => selectRows(read.rows, asked), [read.rows, asked]);
  const change = (changed: MigrationsSearch): void =>
    void navigate({ to: '/migrations', search: changed, replace: true });
  const running = read.rows.filter(({ status }) => isRunning(status)).length;
  const sort = sortOf(search);
  return (
    <div className="page migrations">
      <div className="page-head">
        <div>
          <h1>{t.title}</h1>
          <p className="muted" aria-live="polite">
            {read.isLoading ? texts.common.loading : t.count(countText(read.rows.length), running)}
            {shown.length === read.rows.length
              ? ''
              : ` · ${t.shown(countText(shown.length), countText(read.rows.length))}`}
          </p>
        </div>
        <div className="row">
          <Link className="button" to="/upload">
            {t.upload}
          </Link>
          <Link className="button button-primary" to="/new">
            {t.newPackage}
          </Link>
        </div>
      </div>
      <Filters search={search} onChange={change} />
      <Problems read={read} />
      {shown.length > 0 ? (
        <Table
          label={t.table}
          columns={COLUMNS}
          rows={shown}
          rowKey={({ id }) => id}
          sort={sort}
          onSort={(column) => change({ ...search, ...nextSort(sort, column) })}
          height="calc(100vh - 15rem)"
        />
      ) : (
        <NoRows read={read} />
      )}
    </div>
  );
}

const Problems = ({ read }: { readonly read: MigrationsRead }) => (
  <>
    {read.problems.map(({ environment, error, retry }) => (
      <div key={environment} className="stack">
        <h2>{t.unreadable(environment)}</h2>
        <ErrorState error={error} onRetry={retry} />
      </div>
    ))}
    {read.truncated.map((environment) => (
      <Notice key={environment} tone="warn">
        {t.truncated(environment, countText(MOST_RECORDS))}
      </Notice>
    ))}
  </>
);

function NoRows({ read }: { readonly read: MigrationsRead }) {
  if (read.isLoading) return <Loading lines={10} />;
  if (read.rows.length > 0) return <Empty title={t.empty.noMatch}>{t.empty.noMatchHint}</Empty>;
  return (
    <Empty
      title={t.empty.title}
      action={
        <Link className="button button-primary" to="/new">
          {t.newPackage}
        </Link>
      }
    >
      {t.empty.hint}
    </Empty>
  );
}
