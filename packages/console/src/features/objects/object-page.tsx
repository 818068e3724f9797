import { useId, type KeyboardEvent } from 'react';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ObjectDetail } from '@longshore/contracts';
import { Badge, ErrorState, Loading } from '../../design/index.ts';
import { AtEnvironment, ObjectLink } from '../../environments/index.ts';
import { dateText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { AccessPart, DefinitionPart, TranslationsPart } from './object-parts.tsx';
import { ObjectGraph } from './object-graph.tsx';
import { PARTS, type ObjectSearch, type Part } from './object-search.ts';
import { RelatedPart } from './related-part.tsx';
import { useObject, type ObjectKey } from './use-object.ts';
import './objects.css';

const t = texts.object;
const FOLDER = 8;

/** One object of an environment: what it is, what is in it, and what it hangs together with. */
export function ObjectPage() {
  const { projectId, type, id } = useParams({ from: '/objects/$projectId/$type/$id' });
  const { part = 'overview', at }: ObjectSearch = useSearch({ from: '/objects/$projectId/$type/$id' });
  return (
    <AtEnvironment at={at}>
      {(connection) => <ObjectOf objectKey={{ connection, projectId, type: Number(type), id }} part={part} />}
    </AtEnvironment>
  );
}

function ObjectOf({ objectKey: key, part }: { readonly objectKey: ObjectKey; readonly part: Part }) {
  const { connection, id } = key;
  const object = useObject(key);
  const panel = useId();
  if (object.isPending) return <Loading lines={12} />;
  if (object.error) return <ErrorState error={object.error} onRetry={() => void object.refetch()} />;
  const { name, subtype } = object.data;
  return (
    <div className="page">
      <div>
        <h1>{name}</h1>
        <div className="row">
          <Badge tone="plain">{typeText(key.type, subtype)}</Badge>
          <span className="muted">{t.on(connection.environment.name)}</span>
          <code className="small muted">{id}</code>
        </div>
      </div>
      <Parts current={part} panel={panel} />
      <div id={panel} role="tabpanel" aria-label={t.part[part]} tabIndex={0} className="stack">
        <PartOf part={part} object={object.data} objectKey={key} />
      </div>
    </div>
  );
}

interface PartProps {
  readonly part: Part;
  readonly object: ObjectDetail;
  readonly objectKey: ObjectKey;
}

function PartOf({ part, object, objectKey }: PartProps) {
  switch (part) {
    case 'overview':
      return <Overview object={object} objectKey={objectKey} />;
    case 'definition':
      return <DefinitionPart objectKey={objectKey} />;
    case 'access':
      return <AccessPart object={object} />;
    case 'translations':
      return <TranslationsPart objectKey={objectKey} />;
    case 'uses':
    case 'usedBy':
      return <RelatedPart key={part} objectKey={objectKey} direction={part === 'uses' ? 'uses' : 'used-by'} />;
    case 'graph':
      return <ObjectGraph key={object.id} objectKey={objectKey} name={object.name} />;
  }
}

/** Tabs: the arrow keys move between them, as screen readers say they do. */
function Parts({ current, panel }: { readonly current: Part; readonly panel: string }) {
  const navigate = useNavigate();
  const show = (part: Part) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, part }), replace: true });
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = PARTS.at((PARTS.indexOf(current) + step) % PARTS.length);
    if (step === 0 || next === undefined) return;
    show(next);
    event.currentTarget.querySelector<HTMLButtonElement>(`[data-part="${next}"]`)?.focus();
  };
  return (
    <div className="parts" role="tablist" aria-label={t.parts} onKeyDown={move} tabIndex={-1}>
      {PARTS.map((part) => (
        <button
          key={part}
          type="button"
          role="tab"
          data-part={part}
          aria-selected={part === current}
          aria-controls={panel}
          tabIndex={part === current ? 0 : -1}
          onClick={() => show(part)}
        >
          {t.part[part]}
        </button>
      ))}
    </div>
  );
}

function Overview({ object, objectKey }: { readonly object: ObjectDetail; readonly objectKey: ObjectKey }) {
  const { description = '', hidden = false, owner } = object;
  const facts: readonly (readonly [string, string])[] = [
    [t.facts.id, object.id],
    [t.facts.type, `${typeText(object.type, object.subtype)} (${object.type}/${object.subtype})`],
    [t.facts.owner, owner.name ?? owner.id],
    [t.facts.created, dateText(object.dateCreated)],
    [t.facts.modified, dateText(object.dateModified)],
    [t.facts.version, object.version],
    [t.facts.description, description || texts.common.none],
    [t.facts.hidden, hidden ? t.facts.yes : t.facts.no],
  ];
  const folders = object.ancestors.toSorted((a, b) => b.level - a.level);
  return (
    <>
      <section className="card">
        <dl className="facts">
          {facts.map(([what, value]) => (
            <div key={what} className="fact">
              <dt>{what}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="card stack">
        <h2>{t.inFolder}</h2>
        {folders.length === 0 ? <p className="muted">{t.noFolder}</p> : null}
        <ol className="folders">
          {folders.map(({ id, name }) => (
            <li key={id}>
              <ObjectLink
                at={objectKey.connection.environment.url}
                projectId={objectKey.projectId}
                object={{ id, type: FOLDER, name }}
              />
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
