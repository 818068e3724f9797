import { useState } from 'react';
import { CONFLICT_ACTIONS, type ConflictAction } from '@longshore/domain';
import { Button, Empty, Table, type Column } from '../../design/index.ts';
import { apiChoices, countText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { DependenciesDialog } from './dependencies-dialog.tsx';
import type { DraftItem } from './model/draft.ts';
import type { DraftState } from './use-draft.ts';

const t = texts.newPackage.basket;
const ROW_HEIGHT = 52;
const RULES = apiChoices(CONFLICT_ACTIONS, texts.rules.actions);

interface BasketProps extends Pick<DraftState, 'draft' | 'change'> {
  readonly projectId: string | undefined;
}

/** What is in the package, with a rule for each object and the reason why it is there. */
export function Basket({ draft, change, projectId }: BasketProps) {
  const [asked, setAsked] = useState<DraftItem | null>(null);
  const { items } = draft;
  return (
    <section className="card stack builder-basket" aria-labelledby="basket-title">
      <div className="row spread">
        <h2 id="basket-title">
          {t.title} <span className="muted small">{t.count(countText(items.length))}</span>
        </h2>
        {items.length > 0 ? (
          <Button variant="quiet" onClick={() => change({ do: 'clear' })}>
            {t.clear}
          </Button>
        ) : null}
      </div>
      {items.length === 0 ? (
        <Empty title={t.empty}>{t.emptyHint}</Empty>
      ) : (
        <Table
          label={t.table}
          columns={columnsOf(change, setAsked)}
          rows={items}
          rowKey={({ id }) => id}
          height="calc(100vh - 24rem)"
          rowHeight={ROW_HEIGHT}
        />
      )}
      {asked ? (
        <DependenciesDialog
          item={asked}
          projectId={projectId}
          inBasket={(id) => items.some((item) => item.id === id)}
          onAdd={(added) => {
            change({ do: 'add', items: added });
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </section>
  );
}

function columnsOf(change: DraftState['change'], ask: (item: DraftItem) => void): readonly Column<DraftItem>[] {
  return [
    { id: 'object', header: t.columns.object, cell: (item) => <ItemName item={item} /> },
    {
      id: 'rule',
      header: t.columns.rule,
      width: '11rem',
      cell: ({ id, name, action }) => (
        <select
          className="input input-small"
          aria-label={t.rule(name)}
          value={action ?? ''}
          onChange={({ target }) =>
            change({ do: 'item', id, change: { action: (target.value || null) as ConflictAction | null } })
          }
        >
          <option value="">{t.defaultRule}</option>
          {RULES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ),
    },
    {
      id: 'needs',
      header: t.columns.needs,
      width: '8.75rem',
      cell: (item) => <Needs item={item} change={change} onAsk={() => ask(item)} />,
    },
    {
      id: 'remove',
      header: t.columns.remove,
      width: '3.5rem',
      align: 'end',
      cell: ({ id, name }) => (
        <Button variant="quiet" aria-label={t.remove(name)} onClick={() => change({ do: 'remove', id })}>
          ✕
        </Button>
      ),
    },
  ];
}

function ItemName({ item }: { readonly item: DraftItem }) {
  const { name, type, subtype, reason } = item;
  return (
    <div className="basket-name">
      <span title={name}>{name}</span>
      <span className="muted small">
        {typeText(type, subtype)} · {reason.kind === 'chosen' ? t.chosen : t.neededBy(reason.by)}
      </span>
    </div>
  );
}

interface NeedsProps extends Pick<DraftState, 'change'> {
  readonly item: DraftItem;
  readonly onAsk: () => void;
}

const Needs = ({ item: { id, name, includeDependents }, change, onAsk }: NeedsProps) => (
  <span className="row">
    <input
      type="checkbox"
      aria-label={t.needs(name)}
      checked={includeDependents}
      onChange={({ target }) => change({ do: 'item', id, change: { includeDependents: target.checked } })}
    />
    <button type="button" className="link" onClick={onAsk} aria-label={t.dependenciesOf(name)}>
      {t.dependencies}
    </button>
  </span>
);
