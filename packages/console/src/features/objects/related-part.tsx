import { useState } from 'react';
import type { Direction } from '@longshore/client';
import type { ObjectSummary } from '@longshore/contracts';
import { Empty, ErrorState, Loading, SelectField, Table, type Column } from '../../design/index.ts';
import { ObjectLink } from '../../environments/index.ts';
import { countText, dateText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { useRelated, type ObjectKey } from './use-object.ts';

const t = texts.object;

interface RelatedPartProps {
  readonly objectKey: ObjectKey;
  readonly direction: Direction;
}

/** What an object needs, or what needs it, as a table. */
export function RelatedPart({ objectKey, direction }: RelatedPartProps) {
  const [reach, setReach] = useState<'direct' | 'transitive'>('direct');
  const related = useRelated(objectKey, direction, reach);
  const isUses = direction === 'uses';
  return (
    <>
      <div className="row spread">
        <p className="muted">{isUses ? t.usesHint : t.usedByHint}</p>
        <SelectField
          label={t.reach}
          choices={[
            { value: 'direct', label: t.direct },
            { value: 'transitive', label: t.transitive },
          ]}
          value={reach}
          onChange={(event) => setReach(event.target.value === 'transitive' ? 'transitive' : 'direct')}
        />
      </div>
      {related.isPending ? <Loading /> : null}
      {related.error ? <ErrorState error={related.error} onRetry={() => void related.refetch()} /> : null}
      {related.data?.totalItems === 0 ? (
        <Empty title={isUses ? t.noUses : t.noUsedBy}>{isUses ? t.noUsesHint : t.noUsedByHint}</Empty>
      ) : null}
      {related.data && related.data.totalItems > 0 ? (
        <>
          <Table
            label={isUses ? t.part.uses : t.part.usedBy}
            columns={columnsOf(objectKey)}
            rows={related.data.result}
            rowKey={({ id }) => id}
            height="60vh"
          />
          {related.data.totalItems > related.data.result.length ? (
            <p className="small muted">
              {t.more(countText(related.data.result.length), countText(related.data.totalItems))}
            </p>
          ) : null}
        </>
      ) : null}
    </>
  );
}

const columnsOf = ({ connection, projectId }: ObjectKey): readonly Column<ObjectSummary>[] => [
  {
    id: 'name',
    header: t.columns.name,
    cell: (object) => <ObjectLink at={connection.environment.url} projectId={projectId} object={object} />,
  },
  { id: 'type', header: t.columns.type, width: '12rem', cell: ({ type, subtype }) => typeText(type, subtype) },
  { id: 'owner', header: t.columns.owner, width: '14rem', cell: ({ owner }) => owner.name ?? owner.id },
  { id: 'modified', header: t.columns.modified, width: '12rem', cell: ({ dateModified }) => dateText(dateModified) },
];
