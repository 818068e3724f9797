import { useDeferredValue, useState } from 'react';
import type { Plan, PlanObject } from '@longshore/contracts';
import type { Outcome } from '@longshore/domain';
import {
  Badge,
  Button,
  Counts,
  Empty,
  ErrorState,
  Loading,
  Table,
  TextField,
  type Column,
} from '../../design/index.ts';
import { ObjectLink, type Connection } from '../../environments/index.ts';
import { countText, ruleText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { DifferenceDialog } from './difference-dialog.tsx';
import { folderText } from './model/change-text.ts';
import { countsOf, OUTCOME_TONES } from './model/outcomes.ts';
import { usePlanObjects } from './use-plan.ts';

const t = texts.plan;

interface PlanObjectsProps {
  readonly connection: Connection;
  readonly plan: Plan;
}

/** Every object of the package: deletions in a list of their own that cannot be folded away, then all, as filtered. */
export function PlanObjects({ connection, plan }: PlanObjectsProps) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [text, setText] = useState('');
  const [compared, setCompared] = useState<PlanObject | null>(null);
  const q = useDeferredValue(text.trim());
  const deletions = plan.result?.counts.delete ?? 0;
  return (
    <>
      {plan.result ? (
        <Counts
          label={t.counts}
          counts={countsOf(plan.result.counts)}
          total={plan.result.total}
          chosen={outcome}
          onChoose={setOutcome}
        />
      ) : null}
      {deletions > 0 ? (
        <section className="card stack plan-deletions">
          <h2>{t.deletions(countText(deletions))}</h2>
          <p>{t.deletionsHint}</p>
          <ObjectTable
            connection={connection}
            plan={plan}
            filter={{ outcome: 'delete', q: '' }}
            onCompare={setCompared}
          />
        </section>
      ) : null}
      <section className="stack">
        <div className="row spread">
          <h2>{t.objects}</h2>
          <div className="plan-search">
            <TextField label={t.search} type="search" value={text} onChange={(event) => setText(event.target.value)} />
          </div>
        </div>
        <ObjectTable connection={connection} plan={plan} filter={{ outcome, q }} onCompare={setCompared} />
      </section>
      {compared ? (
        <DifferenceDialog
          connection={connection}
          planId={plan.id}
          object={compared}
          onClose={() => setCompared(null)}
        />
      ) : null}
    </>
  );
}

interface ObjectTableProps extends PlanObjectsProps {
  readonly filter: { readonly outcome: Outcome | null; readonly q: string };
  readonly onCompare: (object: PlanObject) => void;
}

function ObjectTable({ connection, plan, filter, onCompare }: ObjectTableProps) {
  const objects = usePlanObjects(connection, plan, filter);
  if (objects.error) return <ErrorState error={objects.error} onRetry={() => void objects.refetch()} />;
  if (objects.isPending) return <Loading />;
  const rows = objects.data.pages.flatMap((page) => page.items);
  const total = objects.data.pages[0]?.total ?? 0;
  if (rows.length === 0) return <Empty title={t.noMatch}>{t.noMatchHint}</Empty>;
  return (
    <>
      <Table
        label={filter.outcome === 'delete' ? t.deletions(countText(total)) : t.objects}
        columns={columnsOf({ url: connection.environment.url, projectId: plan.project?.id, onCompare })}
        rows={rows}
        rowKey={({ id }) => id}
        height={filter.outcome === 'delete' ? '20rem' : '32rem'}
      />
      <div className="row spread small muted">
        <span>{t.shown(countText(rows.length), countText(total))}</span>
        {objects.hasNextPage ? (
          <Button busy={objects.isFetchingNextPage} onClick={() => void objects.fetchNextPage()}>
            {t.more(countText(Math.min(500, total - rows.length)))}
          </Button>
        ) : null}
      </div>
    </>
  );
}

interface ColumnsOptions {
  /** The target: what it has is looked at there, whatever environment is the current one. */
  readonly url: string;
  readonly projectId: string | undefined;
  readonly onCompare: (object: PlanObject) => void;
}

const columnsOf = ({ url, projectId, onCompare }: ColumnsOptions): readonly Column<PlanObject>[] => [
  {
    id: 'outcome',
    header: t.columns.outcome,
    width: '10rem',
    cell: ({ outcome }) => (
      <Badge tone={OUTCOME_TONES[outcome]}>
        <span aria-hidden="true">{t.signs[outcome]}</span> {t.outcomes[outcome]}
      </Badge>
    ),
  },
  {
    id: 'name',
    header: t.columns.name,
    cell: ({ id, type, name, names }) => (
      <ObjectLink at={url} projectId={names.before === undefined ? undefined : projectId} object={{ id, type, name }} />
    ),
  },
  { id: 'type', header: t.columns.type, width: '8rem', cell: ({ type, subtype }) => typeText(type, subtype) },
  { id: 'path', header: t.columns.path, cell: ({ path }) => <span title={path}>{folderText(path)}</span> },
  {
    id: 'conflict',
    header: t.columns.conflict,
    width: '13.5rem',
    cell: ({ conflict }) => t.conflict(t.conflicts[conflict], conflict),
  },
  {
    id: 'rule',
    header: t.columns.rule,
    width: '15rem',
    cell: ({ action, reason }) => <span title={reason}>{ruleText(action)}</span>,
  },
  {
    id: 'compare',
    header: t.columns.compare,
    width: '7rem',
    cell: (object) => (
      <Button variant="quiet" aria-label={t.compare(object.name)} onClick={() => onCompare(object)}>
        {t.compareShort}
      </Button>
    ),
  },
];
