import { Notice, Progress } from '../../design/index.ts';
import { dateText, durationText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { importSide, packageSide, type MigrationRow } from './model/migration-row.ts';
import { stateOf } from './model/migration-actions.ts';
import type { RowStatus } from './model/migration-status.ts';
import { useRate } from './use-rate.ts';

const t = texts.migration;

/** The way of a package in five phases, and where it is. */
export function Phases({ row }: { readonly row: MigrationRow }) {
  const made = stateOf(packageSide(row).record);
  const moved = stateOf(importSide(row).record);
  const isImported = ['imported', 'undoing', 'undo_success', 'undo_failed'].includes(moved.importStatus ?? '');
  const isRequested = made.importRequestStatus === 'requested' || made.importRequestStatus === 'approved';
  const phases = [
    { name: t.phases.create, done: made.packageStatus === 'created' || made.packageStatus === 'locked' },
    { name: t.phases.request, done: isRequested },
    { name: t.phases.approve, done: made.packageStatus === 'locked' },
    { name: t.phases.import, done: isImported },
    ...(moved.importStatus === 'undo_success' ? [{ name: t.phases.undo, done: true }] : []),
  ];
  return (
    <ol className="phases">
      {phases.map(({ name, done }) => (
        <li key={name} data-done={done}>
          <span aria-hidden="true">{done ? '✓' : '○'}</span> {name}
        </li>
      ))}
    </ol>
  );
}

interface ProgressCardProps {
  readonly status: RowStatus;
  /** How many objects the package holds, where that is known. */
  readonly objects: number | undefined;
}

/** How far the work is, how fast it goes and how long it will still take; or the whole message of a failure. */
export function ProgressCard({ status, objects }: ProgressCardProps) {
  const { phase, progress, message } = status;
  const rate = useRate(phase ?? '', progress ?? 0);
  if (phase === null) return null;
  if (progress === null) {
    return (
      <Notice tone="bad">
        <h2>{t.failed[phase]}</h2>
        <p className="pre">{message}</p>
      </Notice>
    );
  }
  const perSecond = rate && objects !== undefined ? (rate.percentPerSecond / 100) * objects : null;
  const details = [
    `${Math.round(progress)} %`,
    ...(perSecond === null ? [] : [t.progress.rate(perSecond.toFixed(perSecond < 10 ? 1 : 0))]),
    rate ? t.progress.left(durationText(rate.secondsLeft)) : t.progress.measuring,
  ];
  return (
    <section className="card stack" aria-live="polite">
      <div className="row spread">
        <h2>{t.progress[phase]}</h2>
        <span className="muted">{details.join(' · ')}</span>
      </div>
      <Progress value={progress} label={t.progress[phase]} />
    </section>
  );
}

/** What the last validation found, and what the build of the package warned of. */
export function Findings({ row }: { readonly row: MigrationRow }) {
  const { validation, packageInfo } = packageSide(row).record;
  const warnings = [...(packageInfo.warnings ?? []), ...(row.target?.record.packageInfo.warnings ?? [])];
  // What an import would do is no news once it has been done.
  const isAhead = importSide(row).record.importInfo.status === 'pending';
  const hasResult = isAhead && validation !== undefined && validation.status !== 'validating';
  return (
    <>
      {hasResult ? (
        <Notice tone={validation.status === 'validated' ? 'good' : 'bad'}>
          <h2>
            {validation.status === 'validated'
              ? t.validation.validated(dateText(validation.lastUpdatedDate))
              : t.validation.failed(dateText(validation.lastUpdatedDate))}
          </h2>
          {validation.message ? <p className="pre">{validation.message}</p> : null}
        </Notice>
      ) : null}
      {warnings.length > 0 ? (
        <Notice tone="warn">
          <h2>{t.warnings}</h2>
          <ul>
            {warnings.map(({ message }) => (
              <li key={message} className="pre">
                {message}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </>
  );
}
