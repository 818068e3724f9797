import { privilegeName } from '@longshore/domain';
import { texts } from '../../texts/index.ts';
import type { Refusal } from './model/migration-actions.ts';

const t = texts.migration.refusal;

/** A refusal in words that say what would have to be otherwise. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'notConnected':
      return t.notConnected(refusal.environment);
    case 'noRecord':
      return refusal.side === 'target' ? t.noTargetRecord : t.noSourceRecord;
    case 'privilege':
      return t.privilege(privilegeName(refusal.privilege), refusal.environment);
    case 'certification':
      return t.certification(
        texts.migrations.certification[refusal.status as keyof typeof texts.migrations.certification],
      );
    case 'nothingRuns':
      return t.nothingRuns;
    case 'state':
      return stateText(refusal.field, refusal.value, refusal.why);
  }
}

function stateText(field: string, value: string, why: string | undefined): string {
  if (field === 'importInfo.undoStorage') return why ?? t.noUndo;
  if (field === 'packageInfo.replicated' || field === 'packageInfo.purpose') return why ?? value;
  return t.state(texts.migration.fields[field] ?? field, value.replaceAll('_', ' '));
}
