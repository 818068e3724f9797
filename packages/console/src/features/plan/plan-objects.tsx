import { useDeferredValue, useState } from 'react';
import { Link } from '@tanstack/react-router';
import type { Plan, PlanObject } from '@longshore/contracts';
import type { Outcome } from '@longshore/domain';
import { Badge, Button, Empty, ErrorState, Loading, Table, TextField, type Column } from '../../design/index.ts';
import type { Connection } from '../../environments/index.ts';
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
      <Counts plan={plan} chosen={outcome} onChoose={setOutcome} />
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

interface CountsProps {
  readonly plan: Plan;
  readonly chosen: Outcome | null;
  readonly onChoose: (outcome: Outcome | null) => void;
}

/** Counts that are filters as well, and the sum that they add up to. */
function Counts({ plan, chosen, onChoose }: CountsProps) {
  const { counts, total } = plan.result ?? { counts: null, total: 0 };
  if (!counts) return null;
  const shown = countsOf(counts);
  return (
    <section className="stack">
      <div className="plan-counts" role="group" aria-label={t.counts}>
        <button type="button" className="plan-count" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
          <strong>{countText(total)}</strong>
          <span>{t.all}</span>
        </button>
        {shown.map(({ outcome, count }) => (
          <button
            key={outcome}
            type="button"
            className={`plan-count plan-count-${OUTCOME_TONES[outcome]}`}
            aria-pressed={chosen === outcome}
            onClick={() => onChoose(chosen === outcome ? null : outcome)}
          >
            <strong>{countText(count)}</strong>
            <span>
              <span aria-hidden="true">{t.signs[outcome]} </span>
              {t.outcomes[outcome]}
            </span>
          </button>
        ))}
      </div>
      <p className="small muted">{t.sum(shown.map(({ count }) => countText(count)).join(' + '), countText(total))}</p>
    </section>
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
        columns={columnsOf(plan.project?.id, onCompare)}
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

const columnsOf = (
  projectId: string | undefined,
  onCompare: (object: PlanObject) => void,
): readonly Column<PlanObject>[] => [
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
  { id: 'name', header: t.columns.name, cell: (object) => <ObjectName object={object} projectId={projectId} /> },
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

/** Objects that the target has lead to their own page. */
function ObjectName({ object, projectId }: { readonly object: PlanObject; readonly projectId: string | undefined }) {
  const { id, type, name, names } = object;
  if (projectId === undefined || names.before === undefined) return <span title={name}>{name}</span>;
  return (
    <Link to="/objects/$projectId/$type/$id" params={{ projectId, type: String(type), id }} title={name}>
      {name}
    </Link>
  );
}
