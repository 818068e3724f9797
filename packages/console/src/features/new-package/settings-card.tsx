import {
  ACL_ON_NEW,
  ACL_ON_REPLACING,
  CONFLICT_ACTIONS,
  MERGE_ACTIONS,
  SCHEMA_UPDATES,
  TRANSLATION_ACTIONS,
  type AclOnNew,
  type AclOnReplacing,
  type ConflictAction,
  type SchemaUpdate,
  type TranslationAction,
} from '@longshore/domain';
import { CheckField, Notice, SelectField } from '../../design/index.ts';
import { namedChoices } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import type { Draft } from './model/draft.ts';
import type { DraftState } from './use-draft.ts';

const t = texts.newPackage.settings;

/** `keep_both` for access lists is known to some clients only; it is not offered here. */
const ACLS = ACL_ON_REPLACING.filter((word) => word !== 'keep_both');

/** What counts for the whole package. */
export function SettingsCard({ draft, change }: Pick<DraftState, 'draft' | 'change'>) {
  const { kind, settings } = draft;
  const actions: readonly ConflictAction[] = kind === 'merge' ? MERGE_ACTIONS : CONFLICT_ACTIONS;
  return (
    <section className="card stack" aria-labelledby="settings-title">
      <h2 id="settings-title">{t.title}</h2>
      <div className="settings-grid">
        <SelectField
          label={t.defaultAction}
          choices={namedChoices(actions, texts.rules.actions)}
          hint={<code>{settings.defaultAction}</code>}
          value={settings.defaultAction}
          onChange={({ target }) =>
            change({ do: 'settings', change: { defaultAction: target.value as ConflictAction } })
          }
        />
        <SelectField
          label={t.aclOnReplacing}
          choices={namedChoices(ACLS, texts.rules.aclOnReplacing)}
          hint={<code>{settings.aclOnReplacing}</code>}
          value={settings.aclOnReplacing}
          onChange={({ target }) =>
            change({ do: 'settings', change: { aclOnReplacing: target.value as AclOnReplacing } })
          }
        />
        <SelectField
          label={t.aclOnNew}
          choices={namedChoices(ACL_ON_NEW, texts.rules.aclOnNew)}
          hint={<code>{settings.aclOnNew}</code>}
          value={settings.aclOnNew}
          onChange={({ target }) => change({ do: 'settings', change: { aclOnNew: target.value as AclOnNew } })}
        />
        {kind === 'merge' ? (
          <SelectField
            label={t.translations}
            choices={namedChoices(TRANSLATION_ACTIONS, t.translationWords)}
            hint={<code>{settings.translations}</code>}
            value={settings.translations}
            onChange={({ target }) =>
              change({ do: 'settings', change: { translations: target.value as TranslationAction } })
            }
          />
        ) : null}
      </div>
      {kind === 'merge' ? (
        <CheckField
          label={t.validateDependencies}
          checked={settings.validateDependencies}
          onChange={({ target }) => change({ do: 'settings', change: { validateDependencies: target.checked } })}
        />
      ) : null}
      {kind === 'administration' ? null : <SchemaUpdates draft={draft} change={change} />}
      <Warnings draft={draft} />
    </section>
  );
}

function SchemaUpdates({ draft, change }: Pick<DraftState, 'draft' | 'change'>) {
  const { schemaUpdates } = draft.settings;
  const toggle = (word: SchemaUpdate, isOn: boolean): void => {
    const others = schemaUpdates.filter((one) => one !== word);
    change({ do: 'settings', change: { schemaUpdates: isOn ? [...others, word] : others } });
  };
  return (
    <fieldset className="plain-fieldset">
      <legend className="field-label">{t.schema}</legend>
      {SCHEMA_UPDATES.map((word) => (
        <CheckField
          key={word}
          label={texts.rules.schemaUpdates[word]}
          hint={<code>{word}</code>}
          checked={schemaUpdates.includes(word)}
          onChange={({ target }) => toggle(word, target.checked)}
        />
      ))}
    </fieldset>
  );
}

/** Says what some rules cost before the package is made. */
function Warnings({ draft }: { readonly draft: Draft }) {
  const { settings, items, mergeRules } = draft;
  const actions = [
    settings.defaultAction,
    ...items.map(({ action }) => action),
    ...mergeRules.map(({ action }) => action),
  ];
  return (
    <>
      {actions.includes('keep_both') ? <Notice tone="warn">{t.keepBoth}</Notice> : null}
      {actions.includes('delete') ? <Notice tone="warn">{t.deletes}</Notice> : null}
    </>
  );
}
