import { useState, type ReactNode } from 'react';
import type { PlanDifference, PlanObject } from '@longshore/contracts';
import { Badge, Dialog, ErrorState, Loading, Notice, SelectField } from '../../design/index.ts';
import type { Connection } from '../../environments/index.ts';
import { countText, dateText, rightsText, ruleText, typeText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { pathText, valueText } from './model/change-text.ts';
import { OUTCOME_TONES } from './model/outcomes.ts';
import { useDifference } from './use-plan.ts';

const t = texts.plan;
const d = t.difference;

interface DifferenceDialogProps {
  readonly connection: Connection;
  readonly planId: string;
  readonly object: PlanObject;
  readonly onClose: () => void;
}

/** Target and package, field by field. Nothing is said by colour alone: every change has a sign and a word. */
export function DifferenceDialog({ connection, planId, object, onClose }: DifferenceDialogProps) {
  const difference = useDifference(connection, planId, object.id);
  return (
    <Dialog title={d.title(object.name)} width="wide" onClose={onClose}>
      <Decision object={object} />
      {difference.isPending ? <Loading /> : null}
      {difference.error ? <ErrorState error={difference.error} onRetry={() => void difference.refetch()} /> : null}
      {difference.data ? <Difference difference={difference.data} /> : null}
    </Dialog>
  );
}

function Decision({ object }: { readonly object: PlanObject }) {
  const { outcome, conflict, action, role, reason, parents } = object;
  const isMoved = parents.before && parents.after && parents.before.id !== parents.after.id;
  return (
    <div className="stack">
      <div className="row">
        <Badge tone={OUTCOME_TONES[outcome]}>
          <span aria-hidden="true">{t.signs[outcome]}</span> {t.outcomes[outcome]}
        </Badge>
        <span>
          {typeText(object.type, object.subtype)}, {t.conflict(t.conflicts[conflict], conflict)}
        </span>
      </div>
      <p>
        {d.decided}: {ruleText(action)}, {t.roles[role]}. {reason}
      </p>
      {isMoved ? <p>{d.moved(parents.before?.path ?? '', parents.after?.path ?? '')}</p> : null}
    </div>
  );
}

interface Change {
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly what: ReactNode;
  readonly target: string;
  readonly package: string;
}

function Difference({ difference }: { readonly difference: PlanDifference }) {
  const [view, setView] = useState('sideBySide');
  const { definition } = difference;
  const untold = definition.total - definition.changes.length;
  return (
    <>
      {difference.targetChanged ? <Notice tone="warn">{d.targetChanged}</Notice> : null}
      <div className="plan-view">
        <SelectField
          label={d.view}
          choices={[
            { value: 'sideBySide', label: d.sideBySide },
            { value: 'unified', label: d.unified },
          ]}
          value={view}
          onChange={(event) => setView(event.target.value)}
        />
      </div>
      <Section title={d.properties} changes={propertyChanges(difference)} view={view} />
      <Section title={d.definition} changes={definitionChanges(difference)} view={view}>
        {definition.compared ? null : <p>{definition.differs ? d.tooLarge : d.same}</p>}
        {untold > 0 ? <p>{d.moreChanges(countText(untold))}</p> : null}
      </Section>
      <Section title={d.acl} changes={aclChanges(difference)} view={view}>
        <p>{d.effect[difference.acl.effect]}</p>
      </Section>
      <Section title={d.translations} changes={translationChanges(difference)} view={view} />
    </>
  );
}

function propertyChanges({ properties }: PlanDifference): Change[] {
  return properties.map(({ property, change, target, package: incoming, targetName, packageName }) => {
    const shown = (value: unknown, name: string | undefined): string => {
      if (name !== undefined) return name;
      return property.startsWith('date') && typeof value === 'string' ? dateText(value) : valueText(value);
    };
    return {
      key: property,
      change,
      what: d.fields[property],
      target: shown(target, targetName),
      package: shown(incoming, packageName),
    };
  });
}

function definitionChanges({ definition }: PlanDifference): Change[] {
  return definition.changes.map(({ change, path, from, to }, index) => ({
    key: `${index} ${path}`,
    change,
    what: <code>{pathText(path) || d.whole}</code>,
    target: valueText(from),
    package: valueText(to),
  }));
}

function aclChanges({ acl }: PlanDifference): Change[] {
  return acl.changes.map(({ change, trustee, deny, inheritable, target, package: incoming }) => ({
    key: `${trustee.id} ${deny} ${inheritable}`,
    change,
    what: [trustee.name ?? trustee.id, ...(deny ? [d.deny] : []), ...(inheritable ? [d.inheritable] : [])].join(', '),
    target: rightsText(target),
    package: rightsText(incoming),
  }));
}

function translationChanges({ translations }: PlanDifference): Change[] {
  return translations.map(({ change, language, text, target, package: incoming }) => ({
    key: `${language.lcid} ${text}`,
    change,
    what: `${language.name ?? language.lcid}: ${d.texts[text] ?? text}`,
    target: target ?? '',
    package: incoming ?? '',
  }));
}

interface SectionProps {
  readonly title: string;
  readonly changes: readonly Change[];
  readonly view: string;
  readonly children?: ReactNode;
}

function Section({ title, changes, view, children }: SectionProps) {
  return (
    <section className="stack">
      <h3>
        {title} <span className="muted">({changes.length})</span>
      </h3>
      {children}
      {changes.length === 0 && !children ? <p className="muted">{d.same}</p> : null}
      {changes.length > 0 && view === 'sideBySide' ? <SideBySide title={title} changes={changes} /> : null}
      {changes.length > 0 && view !== 'sideBySide' ? <Unified title={title} changes={changes} /> : null}
    </section>
  );
}

const Sign = ({ change }: { readonly change: Change['change'] }) => (
  <span className={`change change-${change}`}>
    <span aria-hidden="true">{d.signs[change]}</span> {d.changes[change]}
  </span>
);

const Value = ({ text }: { readonly text: string }) => (text === '' ? <i>{d.empty}</i> : <pre>{text}</pre>);

function SideBySide({ title, changes }: { readonly title: string; readonly changes: readonly Change[] }) {
  return (
    <table className="difference" aria-label={title}>
      <thead>
        <tr>
          <th scope="col">{d.what}</th>
          <th scope="col">{d.onTarget}</th>
          <th scope="col">{d.inPackage}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((one) => (
          <tr key={one.key}>
            <th scope="row">
              {one.what}
              <br />
              <Sign change={one.change} />
            </th>
            <td className="from">{one.change === 'added' ? <i>{d.absent}</i> : <Value text={one.target} />}</td>
            <td className="to">{one.change === 'removed' ? <i>{d.absent}</i> : <Value text={one.package} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Unified({ title, changes }: { readonly title: string; readonly changes: readonly Change[] }) {
  return (
    <ul className="unified" aria-label={title}>
      {changes.map((one) => (
        <li key={one.key}>
          {one.what} <Sign change={one.change} />
          {one.change === 'added' ? null : <pre className="from">− {one.target}</pre>}
          {one.change === 'removed' ? null : <pre className="to">+ {one.package}</pre>}
        </li>
      ))}
    </ul>
  );
}
