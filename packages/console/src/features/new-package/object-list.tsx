import { isPackable, type PackageType } from '@longshore/domain';
import type { ObjectSummary } from '@longshore/contracts';
import { Button, Table, type Column } from '../../design/index.ts';
import { dateText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { isFolder } from './use-objects.ts';

const t = texts.newPackage.browse;

/** How the button that adds an object is called. */
export interface AddLabel {
  readonly short: string;
  readonly named: (name: string) => string;
}

export interface ObjectListProps {
  readonly objects: readonly ObjectSummary[];
  readonly packageType: PackageType;
  readonly inBasket: (id: string) => boolean;
  readonly addLabel: AddLabel;
  readonly onAdd: (object: ObjectSummary) => void;
  /** Leads into a folder. */
  readonly onOpen?: (folder: ObjectSummary) => void;
}

/** Objects to choose from. */
export const ObjectList = ({ objects, ...rest }: ObjectListProps) => (
  <Table
    label={t.table}
    columns={columnsOf(rest)}
    rows={objects}
    rowKey={({ id }) => id}
    height="calc(100vh - 27rem)"
  />
);

function columnsOf(list: Omit<ObjectListProps, 'objects'>): readonly Column<ObjectSummary>[] {
  return [
    { id: 'name', header: t.columns.name, cell: (object) => <Name object={object} onOpen={list.onOpen} /> },
    { id: 'type', header: t.columns.type, width: '9rem', cell: ({ type, subtype }) => typeText(type, subtype) },
    { id: 'modified', header: t.columns.modified, width: '9.5rem', cell: ({ dateModified }) => dateText(dateModified) },
    {
      id: 'add',
      header: t.columns.add,
      width: '6.5rem',
      align: 'end',
      cell: (object) => <AddButton object={object} {...list} />,
    },
  ];
}

interface NameProps {
  readonly object: ObjectSummary;
  readonly onOpen: ((folder: ObjectSummary) => void) | undefined;
}

const Name = ({ object, onOpen }: NameProps) =>
  onOpen && isFolder(object) ? (
    <button type="button" className="link" onClick={() => onOpen(object)}>
      <span aria-hidden="true">▸ </span>
      {object.name}
    </button>
  ) : (
    <span title={object.name}>{object.name}</span>
  );

function AddButton({
  object,
  packageType,
  inBasket,
  addLabel,
  onAdd,
}: Omit<ObjectListProps, 'objects' | 'onOpen'> & { readonly object: ObjectSummary }) {
  const { id, name, type, subtype } = object;
  if (inBasket(id)) return <span className="muted small">{t.added}</span>;
  return (
    <Button
      variant="quiet"
      refusal={isPackable(type, subtype, packageType) ? null : t.notPackable}
      aria-label={addLabel.named(name)}
      onClick={() => onAdd(object)}
    >
      {addLabel.short}
    </Button>
  );
}
