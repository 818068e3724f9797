import { lazy, Suspense } from 'react';
import { Loading } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';
import type { ActionScene } from './model/migration-actions.ts';
import { importSide } from './model/migration-row.ts';

const t = texts.migration.result;

/** Loaded when there is something to show: the first page does not wait for it. */
const ImportEntries = lazy(async () => ({ default: (await import('../journal/index.ts')).ImportEntries }));

/** What was done to each object of the target; of an attempt that failed, that nothing was. */
export function ImportResult({ scene: { row, target } }: { readonly scene: ActionScene }) {
  const { importInfo } = importSide(row).record;
  const { status, lastUpdatedDate = '' } = importInfo;
  if (status === 'pending' || status === 'importing') return null;
  const failed = status === 'import_failed' ? t.importFailed : status === 'undo_failed' ? t.undoFailed : null;
  return (
    <section className="stack" aria-labelledby="result-title">
      <h2 id="result-title">{t.title}</h2>
      {failed ? <p>{failed}</p> : null}
      {target ? (
        <Suspense fallback={<Loading />}>
          <ImportEntries connection={target} migrationId={row.id} state={`${status} ${lastUpdatedDate}`} />
        </Suspense>
      ) : (
        <p className="muted">{texts.migration.refusal.notConnected(importInfo.environment?.name ?? '')}</p>
      )}
    </section>
  );
}
