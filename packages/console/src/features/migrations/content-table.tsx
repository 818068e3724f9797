import { useDeferredValue, useMemo, useState } from 'react';
import type { TocEntry, TocView } from '@longshore/client';
import { Table, TextField, type Column } from '../../design/index.ts';
import { ObjectLink } from '../../environments/index.ts';
import { countText, dateText, ruleText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';

const t = texts.migration;

interface ContentTableProps {
  readonly content: TocView;
  /** The environment that the package was read from. */
  readonly at: string;
  /** Project of the objects, for their own pages; absent for configuration objects. */
  readonly projectId: string | undefined;
}

export function ContentTable({ content, at, projectId }: ContentTableProps) {
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.toLowerCase());
  const columns = useMemo(() => columnsOf({ at, projectId, content }), [at, projectId, content]);
  const entries = content.content ?? [];
  const shown = entries.filter(({ name = '', id }) => `${name}\n${id}`.toLowerCase().includes(wanted));
  return (
    <section className="stack">
      <div className="row spread">
        <h2>
          {t.content} <span className="muted small">{t.contentCount(countText(entries.length))}</span>
        </h2>
        <div className="content-search">
          <TextField
            label={t.filterContent}
            type="search"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </div>
      <Table label={t.contentTable} columns={columns} rows={shown} rowKey={({ id }) => id} height="28rem" />
    </section>
  );
}

function columnsOf({ at, projectId, content }: ContentTableProps): readonly Column<TocEntry>[] {
  const defaultAction = content.settings?.defaultAction;
  return [
    {
      id: 'name',
      header: t.columns.name,
      cell: ({ id, type, name = id }) => <ObjectLink at={at} projectId={projectId} object={{ id, type, name }} />,
    },
    { id: 'type', header: t.columns.type, width: '9rem', cell: ({ type }) => typeText(type) },
    {
      id: 'rule',
      header: t.columns.rule,
      width: '19rem',
      cell: ({ action = defaultAction }) => (action ? ruleText(action) : ''),
    },
    {
      id: 'why',
      header: t.columns.why,
      width: '8rem',
      cell: ({ explicitIncluded }) => (explicitIncluded === false ? t.dependency : t.explicit),
    },
    {
      id: 'modified',
      header: t.columns.modified,
      width: '10rem',
      cell: ({ dateModified }) => dateText(dateModified),
    },
  ];
}
