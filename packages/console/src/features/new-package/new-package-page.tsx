import { useState } from 'react';
import { useSearch } from '@tanstack/react-router';
import type { ObjectSummary, ProjectView } from '@longshore/contracts';
import { isPackable, PRIVILEGE } from '@longshore/domain';
import { Button, ErrorState, Notice, SelectField, TextField } from '../../design/index.ts';
import { privilegeRefusal, useCurrent, type Connection } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';
import { Basket } from './basket.tsx';
import { MergeRules } from './merge-rules.tsx';
import { DRAFT_KINDS, missingPart, type Draft, type DraftItem, type DraftKind } from './model/draft.ts';
import { ObjectBrowser } from './object-browser.tsx';
import { SettingsCard } from './settings-card.tsx';
import { useDraft, useSave, type DraftState } from './use-draft.ts';
import { isFolder, useProjects } from './use-objects.ts';
import './new-package.css';

const t = texts.newPackage;

/** Puts a package together: what is there on the left, what is in it on the right. */
export function NewPackagePage() {
  const { edit } = useSearch({ from: '/new' });
  const { environment } = useCurrent();
  // Another environment, or another package to edit, is another draft.
  return <Builder key={`${environment.url} ${edit ?? ''}`} edit={edit} />;
}

function Builder({ edit }: { readonly edit: string | undefined }) {
  const connection = useCurrent();
  const { environment } = connection;
  const projects = useProjects();
  const state = useDraft(edit);
  const { draft, edited } = state;
  const [chosenProject, setChosenProject] = useState<string>();
  const projectId = state.editedProject ?? chosenProject ?? projects.data?.[0]?.id;
  const save = useSave(state, { edit, projectId });
  const mayNot = makerRefusal(connection, draft, projectId);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{edit === undefined ? t.title : t.editTitle}</h1>
          <p className="muted">{t.lead(environment.name)}</p>
        </div>
        <Button
          variant="primary"
          busy={save.isPending}
          refusal={mayNot ?? missingText(draft)}
          onClick={() => save.mutate()}
        >
          {edit === undefined ? t.create : t.save}
        </Button>
      </div>
      <Refusal text={projects.data ? mayNot : null} />
      {save.error ? <ErrorState error={save.error} /> : null}
      {projects.error ? <ErrorState error={projects.error} onRetry={() => void projects.refetch()} /> : null}
      {edited.error ? <ErrorState error={edited.error} /> : null}
      <BuilderHead
        state={state}
        isEdit={edit !== undefined}
        projects={projects.data ?? []}
        projectId={projectId}
        onProject={setChosenProject}
      />
      <BuilderColumns state={state} projectId={draft.kind === 'administration' ? undefined : projectId} />
      <SettingsCard draft={draft} change={state.change} />
    </div>
  );
}

function missingText(draft: Draft): string | null {
  const missing = missingPart(draft);
  return missing && t.missing[missing];
}

const makerRefusal = (connection: Connection, { kind }: Draft, projectId: string | undefined): string | null =>
  privilegeRefusal(connection, [PRIVILEGE.createPackage], [kind === 'administration' ? undefined : projectId]);

const Refusal = ({ text }: { readonly text: string | null }) => (text ? <Notice tone="warn">{text}</Notice> : null);

interface HeadProps {
  readonly state: DraftState;
  readonly isEdit: boolean;
  readonly projects: readonly ProjectView[];
  readonly projectId: string | undefined;
  readonly onProject: (id: string) => void;
}

/** Name, kind and project; what an edit may not change is fixed. */
function BuilderHead({ state, isEdit, projects, projectId, onProject }: HeadProps) {
  const { draft, change } = state;
  return (
    <div className="builder-head card">
      <TextField
        label={t.name}
        value={draft.name}
        maxLength={250}
        onChange={(event) => change({ do: 'name', name: event.target.value })}
      />
      <SelectField
        label={t.kind}
        hint={t.kindHints[draft.kind]}
        disabled={isEdit}
        choices={DRAFT_KINDS.map((kind) => ({ value: kind, label: t.kinds[kind] }))}
        value={draft.kind}
        onChange={(event) => change({ do: 'kind', kind: event.target.value as DraftKind })}
      />
      {draft.kind === 'administration' ? null : (
        <SelectField
          label={t.project}
          disabled={isEdit}
          choices={projects.map(({ id, name }) => ({ value: id, label: name }))}
          value={projectId ?? ''}
          onChange={(event) => {
            onProject(event.target.value);
            change({ do: 'clear' });
          }}
        />
      )}
    </div>
  );
}

function BuilderColumns({ state, projectId }: { readonly state: DraftState; readonly projectId: string | undefined }) {
  const { draft, change } = state;
  const isMerge = draft.kind === 'merge';
  const packageType = draft.kind === 'administration' ? 'configuration' : 'project';
  if (projectId === undefined && packageType === 'project') return null;
  const addAll = (objects: readonly ObjectSummary[]): void =>
    change({
      do: 'add',
      items: objects.filter(({ type, subtype }) => isPackable(type, subtype, packageType)).map(asItem),
    });
  const addRule = (object: ObjectSummary): void => {
    const { id, name, type } = object;
    const scope = isFolder(object) ? 'folder' : 'object';
    change({ do: 'addRule', rule: { scope, key: id, name, type, action: 'use_existing' } });
  };
  return (
    <div className="builder">
      <ObjectBrowser
        key={`${draft.kind} ${projectId ?? ''}`}
        projectId={projectId}
        packageType={packageType}
        inBasket={(id) =>
          isMerge ? draft.mergeRules.some(({ key }) => key === id) : draft.items.some((item) => item.id === id)
        }
        addLabel={
          isMerge
            ? { short: t.merge.addShort, named: t.merge.addFor }
            : { short: t.browse.add, named: t.browse.addNamed }
        }
        onAdd={isMerge ? addRule : (object) => addAll([object])}
        {...(isMerge ? {} : { onAddAll: addAll })}
      />
      {isMerge ? (
        <MergeRules draft={draft} change={change} />
      ) : (
        <Basket draft={draft} change={change} projectId={projectId} />
      )}
    </div>
  );
}

const asItem = ({ id, type, subtype, name }: ObjectSummary): DraftItem => ({
  id,
  type,
  subtype,
  name,
  reason: { kind: 'chosen' },
  action: null,
  includeDependents: true,
});
