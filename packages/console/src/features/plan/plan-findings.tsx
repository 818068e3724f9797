import type { Plan, PlanIssue } from '@longshore/contracts';
import { ErrorState, Notice } from '../../design/index.ts';
import { countText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import type { Connection } from '../../environments/index.ts';
import { usePlanIssues } from './use-plan.ts';

const t = texts.plan;

interface PlanFindingsProps {
  readonly connection: Connection;
  readonly plan: Plan;
}

/** What stands in the way comes first, with what to do about it. */
export function PlanFindings({ connection, plan }: PlanFindingsProps) {
  const blocking = usePlanIssues(connection, plan, 'blocking');
  const warnings = usePlanIssues(connection, plan, 'warning');
  const { result } = plan;
  if (!result) return null;
  const { undo, notes, updatesSchema, issueCounts } = result;
  return (
    <>
      {blocking.error ? <ErrorState error={blocking.error} /> : null}
      {result.blocked ? (
        <div className="notice notice-bad" role="alert">
          <h2>{t.blocked(issueCounts.blocking)}</h2>
          <p>{t.blockedHint}</p>
          <Issues issues={blocking.data?.items ?? []} total={issueCounts.blocking} />
        </div>
      ) : (
        <Notice tone="good">{t.clear}</Notice>
      )}
      {undo.possible ? null : (
        <Notice tone="warn">
          <h2>{t.noUndo}</h2>
          <p>{undo.reason}</p>
        </Notice>
      )}
      {issueCounts.warning > 0 ? (
        <details className="notice notice-warn">
          <summary>{t.warnings(issueCounts.warning)}</summary>
          <Issues issues={warnings.data?.items ?? []} total={issueCounts.warning} />
        </details>
      ) : null}
      {[...notes, ...(updatesSchema ? [t.schema] : [])].map((note) => (
        <Notice key={note} tone="info">
          {note}
        </Notice>
      ))}
    </>
  );
}

function Issues({ issues, total }: { readonly issues: readonly PlanIssue[]; readonly total: number }) {
  const untold = total - issues.length;
  return (
    <ul className="plan-issues" tabIndex={0} aria-label={t.issues}>
      {issues.map((issue, index) => (
        // Several issues may be about one object; their order never changes.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index}>{issue.message}</li>
      ))}
      {issues.length > 0 && untold > 0 ? <li>{t.moreIssues(countText(untold))}</li> : null}
    </ul>
  );
}
