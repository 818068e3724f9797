import { Button, SelectField, TextField } from '../../design/index.ts';
import { useEnvironments } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import type { MigrationsSearch } from './migrations-search.ts';
import { STATUS_WORDS } from './model/migration-status.ts';
import { KIND_WORDS } from './model/row-facts.ts';

const t = texts.migrations;
const ALL = { value: '', label: t.filters.all };
const STATUSES = [ALL, ...STATUS_WORDS.map((word) => ({ value: word, label: t.status[word] }))];
const KINDS = [ALL, ...KIND_WORDS.map((word) => ({ value: word, label: t.kind[word] }))];

export interface FiltersProps {
  readonly search: MigrationsSearch;
  readonly onChange: (search: MigrationsSearch) => void;
}

export function Filters({ search, onChange }: FiltersProps) {
  const { known } = useEnvironments();
  const environments = [ALL, ...known.map(({ name }) => ({ value: name, label: name }))];
  const set = (key: keyof MigrationsSearch, value: string): void => onChange({ ...search, [key]: value || undefined });
  const isFiltered = [search.text, search.status, search.type, search.environment].some(Boolean);
  return (
    <search className="filters" aria-label={t.filters.label}>
      <div className="grow">
        <TextField
          label={t.filters.search}
          type="search"
          placeholder={t.filters.searchHint}
          value={search.text ?? ''}
          onChange={(event) => set('text', event.target.value)}
        />
      </div>
      <SelectField
        label={t.filters.status}
        choices={STATUSES}
        value={search.status ?? ''}
        onChange={(event) => set('status', event.target.value)}
      />
      <SelectField
        label={t.filters.type}
        choices={KINDS}
        value={search.type ?? ''}
        onChange={(event) => set('type', event.target.value)}
      />
      <SelectField
        label={t.filters.environment}
        choices={environments}
        value={search.environment ?? ''}
        onChange={(event) => set('environment', event.target.value)}
      />
      {isFiltered ? (
        <Button variant="quiet" onClick={() => onChange({ sort: search.sort, order: search.order })}>
          {t.filters.clear}
        </Button>
      ) : null}
    </search>
  );
}
