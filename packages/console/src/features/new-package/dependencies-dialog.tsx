import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { isPackable } from '@longshore/domain';
import { Button, CheckField, Dialog, Empty, ErrorState, Loading, Notice, Table } from '../../design/index.ts';
import { useCurrent } from '../../environments/index.ts';
import { countText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { closureOf, type NeededBy } from './model/closure.ts';
import type { DraftItem } from './model/draft.ts';

const t = texts.newPackage.dependencies;

const MOST_FOLLOWED = 400;
const AT_A_TIME = 6;
const PAGE = 1000;

interface DependenciesDialogProps {
  readonly item: DraftItem;
  readonly projectId: string | undefined;
  readonly inBasket: (id: string) => boolean;
  readonly onAdd: (items: readonly DraftItem[]) => void;
  readonly onClose: () => void;
}

/** Everything that an object needs, with the reason; what is ticked is added to the package. */
export function DependenciesDialog({ item, projectId, inBasket, onAdd, onClose }: DependenciesDialogProps) {
  const closure = useClosure(item, projectId);
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set());
  const packageType = projectId === undefined ? 'configuration' : 'project';
  const found = (closure.data?.found ?? []).filter(
    ({ object }) => isPackable(object.type, object.subtype, packageType) && !inBasket(object.id),
  );
  const picked = found.filter(({ object }) => !skipped.has(object.type));
  const toggle = (type: number): void => {
    const next = new Set(skipped);
    if (!next.delete(type)) next.add(type);
    setSkipped(next);
  };
  return (
    <Dialog
      title={texts.newPackage.basket.dependenciesOf(item.name)}
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button
            variant="primary"
            refusal={picked.length === 0 ? t.none : null}
            onClick={() => onAdd(picked.map(asItem))}
          >
            {t.add(countText(picked.length))}
          </Button>
        </>
      }
    >
      <p className="muted">{t.lead}</p>
      {closure.error ? <ErrorState error={closure.error} onRetry={() => void closure.refetch()} /> : null}
      {closure.isPending ? <Loading /> : null}
      {closure.data?.isCut ? <Notice tone="warn">{t.cut}</Notice> : null}
      {closure.data && found.length === 0 ? <Empty title={t.none} /> : null}
      {found.length > 0 ? (
        <>
          <div className="row type-picks" role="group" aria-label={t.all}>
            {countByType(found).map(([type, count]) => (
              <CheckField
                key={type}
                label={`${typeText(type)} (${count})`}
                checked={!skipped.has(type)}
                onChange={() => toggle(type)}
              />
            ))}
          </div>
          <Table
            label={t.table}
            rows={picked}
            rowKey={({ object }) => object.id}
            height="22rem"
            columns={[
              { id: 'name', header: t.columns.name, cell: ({ object }) => object.name },
              { id: 'type', header: t.columns.type, width: '10rem', cell: ({ object }) => typeText(object.type) },
              { id: 'by', header: t.columns.by, width: '16rem', cell: ({ by }) => by },
            ]}
          />
        </>
      ) : null}
    </Dialog>
  );
}

function useClosure(item: DraftItem, projectId: string | undefined) {
  const { client, environment } = useCurrent();
  return useQuery({
    queryKey: ['closure', environment.url, projectId, item.id],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      closureOf(item, {
        limit: MOST_FOLLOWED,
        width: AT_A_TIME,
        async direct({ id, type }) {
          const search = { object: { id, type }, direction: 'uses', reach: 'direct', limit: PAGE } as const;
          return (await client.searches.dependencies({ ...search, projectId, signal })).result;
        },
      }),
  });
}

function countByType(found: readonly NeededBy[]): readonly (readonly [type: number, count: number])[] {
  const counts = new Map<number, number>();
  for (const { object } of found) counts.set(object.type, (counts.get(object.type) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a - b);
}

const asItem = ({ object, by }: NeededBy): DraftItem => ({
  ...object,
  reason: { kind: 'needed', by },
  action: null,
  includeDependents: false,
});
