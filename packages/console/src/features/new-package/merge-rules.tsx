import { useState } from 'react';
import { MERGE_ACTIONS, OBJECT_TYPES, type ConflictAction } from '@longshore/domain';
import { Badge, Button, SelectField } from '../../design/index.ts';
import { apiChoices, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import type { MergeRule } from './model/draft.ts';
import type { DraftState } from './use-draft.ts';

const t = texts.newPackage.merge;
const ACTIONS = apiChoices(MERGE_ACTIONS, texts.rules.actions);
const TYPES = OBJECT_TYPES.filter(({ level }) => level !== 'configuration');

/** Rules of a project merge, each for a type, a folder or an object. */
export function MergeRules({ draft, change }: Pick<DraftState, 'draft' | 'change'>) {
  return (
    <section className="card stack builder-basket" aria-labelledby="merge-title">
      <h2 id="merge-title">{t.title}</h2>
      <p className="muted">{t.lead}</p>
      <TypeRuleForm onAdd={(rule) => change({ do: 'addRule', rule })} />
      <p className="small muted">{t.fromBrowser}</p>
      {draft.mergeRules.length === 0 ? <p>{t.none}</p> : null}
      <ul className="stack">
        {draft.mergeRules.map((rule) => (
          <RuleRow key={`${rule.scope} ${rule.key}`} rule={rule} change={change} />
        ))}
      </ul>
    </section>
  );
}

function RuleRow({ rule, change }: { readonly rule: MergeRule } & Pick<DraftState, 'change'>) {
  return (
    <li className="rule-row">
      <Badge tone="plain">{t.scope[rule.scope]}</Badge>
      <span className="grow">{rule.name}</span>
      <select
        className="input input-small"
        aria-label={texts.newPackage.basket.rule(rule.name)}
        value={rule.action}
        onChange={({ target }) => change({ do: 'addRule', rule: { ...rule, action: target.value as ConflictAction } })}
      >
        {ACTIONS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Button variant="quiet" aria-label={t.remove(rule.name)} onClick={() => change({ do: 'removeRule', rule })}>
        ✕
      </Button>
    </li>
  );
}

function TypeRuleForm({ onAdd }: { readonly onAdd: (rule: MergeRule) => void }) {
  const [type, setType] = useState(String(TYPES[0]?.number ?? ''));
  const [action, setAction] = useState<ConflictAction>('use_existing');
  return (
    <div className="filters" role="group" aria-label={t.addType}>
      <SelectField
        label={t.type}
        choices={TYPES.map(({ number, name }) => ({ value: String(number), label: name }))}
        value={type}
        onChange={({ target }) => setType(target.value)}
      />
      <SelectField
        label={t.action}
        choices={ACTIONS}
        value={action}
        onChange={({ target }) => setAction(target.value as ConflictAction)}
      />
      <Button
        onClick={() => onAdd({ scope: 'type', key: type, name: typeText(Number(type)), type: Number(type), action })}
      >
        {t.add}
      </Button>
    </div>
  );
}
