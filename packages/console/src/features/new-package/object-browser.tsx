import { useDeferredValue, useState } from 'react';
import { OBJECT_TYPES, WELL_KNOWN } from '@longshore/domain';
import type { ObjectSummary } from '@longshore/contracts';
import { Button, Empty, ErrorState, Loading, SelectField, TextField } from '../../design/index.ts';
import { countText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { ObjectList, type ObjectListProps } from './object-list.tsx';
import { useFolder, useSearch } from './use-objects.ts';

const t = texts.newPackage.browse;

export interface BrowserProps extends Pick<ObjectListProps, 'packageType' | 'inBasket' | 'addLabel' | 'onAdd'> {
  /** Absent: the objects of the configuration. */
  readonly projectId: string | undefined;
  /** Adds several at once; absent where that makes no sense. */
  readonly onAddAll?: (objects: readonly ObjectSummary[]) => void;
}

type Tab = 'folders' | 'search';

/** The objects of an environment, by folder or by name. */
export function ObjectBrowser(props: BrowserProps) {
  const [tab, setTab] = useState<Tab>('folders');
  return (
    <section className="card stack builder-browser" aria-labelledby="browser-title">
      <div className="row spread">
        <h2 id="browser-title">{t.title}</h2>
        <div className="tabs" role="group" aria-label={t.tabs}>
          {(['folders', 'search'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={tab === one} onClick={() => setTab(one)}>
              {t[one]}
            </button>
          ))}
        </div>
      </div>
      {tab === 'folders' ? <Folders {...props} /> : <Search {...props} />}
    </section>
  );
}

interface Place {
  readonly id: string;
  readonly name: string;
}

function Folders({ projectId, onAddAll, ...list }: BrowserProps) {
  const root: Place = {
    id: WELL_KNOWN.projectRoot,
    name: projectId === undefined ? t.configurationRoot : t.root,
  };
  const [path, setPath] = useState<readonly Place[]>([]);
  const places = [root, ...path];
  const folder = useFolder(places.at(-1)?.id ?? root.id, projectId);
  return (
    <>
      <nav aria-label={t.path}>
        <ol className="crumbs">
          {places.map(({ id, name }, index) => (
            <li key={id}>
              <button
                type="button"
                aria-current={index === places.length - 1 ? 'location' : undefined}
                onClick={() => setPath(path.slice(0, index))}
              >
                {name}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {folder.error ? <ErrorState error={folder.error} onRetry={() => void folder.refetch()} /> : null}
      {folder.isPending ? <Loading /> : null}
      {folder.data?.length === 0 ? <Empty title={t.emptyFolder}>{t.emptyFolderHint}</Empty> : null}
      {folder.data && folder.data.length > 0 ? (
        <>
          <ObjectList {...list} objects={folder.data} onOpen={({ id, name }) => setPath([...path, { id, name }])} />
          {onAddAll ? (
            <div>
              <Button variant="quiet" onClick={() => onAddAll(folder.data)}>
                {t.addFolder}
              </Button>
            </div>
          ) : null}
        </>
      ) : null}
    </>
  );
}

const SHORTEST = 2;

function Search({ projectId, packageType, inBasket, addLabel, onAdd }: BrowserProps) {
  const list = { packageType, inBasket, addLabel, onAdd };
  const [name, setName] = useState('');
  const [type, setType] = useState('');
  const wanted = useDeferredValue(name.trim());
  const isWanted = wanted.length >= SHORTEST || type !== '';
  const found = useSearch({ name: wanted, types: type === '' ? [] : [Number(type)] }, projectId, isWanted);
  const types = OBJECT_TYPES.filter(({ packable }) => packable.includes(list.packageType));
  return (
    <>
      <div className="filters">
        <div className="grow">
          <TextField
            label={t.searchLabel}
            type="search"
            placeholder={t.searchHint}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <SelectField
          label={t.type}
          choices={[
            { value: '', label: t.anyType },
            ...types.map(({ number, name: label }) => ({ value: String(number), label })),
          ]}
          value={type}
          onChange={(event) => setType(event.target.value)}
        />
      </div>
      {found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
      {isWanted ? null : <Empty title={t.start}>{t.startHint}</Empty>}
      {isWanted && found.isPending ? <Loading /> : null}
      {isWanted && found.data ? <Found {...list} {...found.data} /> : null}
    </>
  );
}

interface FoundProps extends Omit<ObjectListProps, 'objects'> {
  readonly result: readonly ObjectSummary[];
  readonly totalItems: number;
}

function Found({ result, totalItems, ...list }: FoundProps) {
  if (result.length === 0) return <Empty title={t.noMatch}>{t.noMatchHint}</Empty>;
  return (
    <>
      {totalItems > result.length ? (
        <p className="small muted">{t.more(countText(result.length), countText(totalItems))}</p>
      ) : null}
      <ObjectList {...list} objects={result} />
    </>
  );
}
