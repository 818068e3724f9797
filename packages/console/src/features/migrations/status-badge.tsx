import { Badge } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';
import { STATUS_TONES, type RowStatus } from './model/migration-status.ts';

/** The status in one word, with how far the work is; the message of a failure shows at once when one points at it. */
export const StatusBadge = ({ status }: { readonly status: RowStatus }) => (
  <span title={status.message === '' ? undefined : status.message}>
    <Badge tone={STATUS_TONES[status.word]}>
      {texts.migrations.status[status.word]}
      {status.progress === null ? '' : ` ${Math.round(status.progress)} %`}
    </Badge>
  </span>
);
