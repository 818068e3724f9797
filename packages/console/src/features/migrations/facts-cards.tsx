import type { ReactNode } from 'react';
import type { PackageInfo, TocView } from '@longshore/client';
import { Badge } from '../../design/index.ts';
import { bytesText, dateText, ruleText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { hasUndo } from './model/migration-actions.ts';
import { importSide, packageSide, type MigrationRow } from './model/migration-row.ts';

const t = texts.migration.facts;

export const Fact = ({ name, children }: { readonly name: string; readonly children?: ReactNode }) =>
  children === undefined || children === '' || children === null ? null : (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );

const Environment = ({ name, production }: { readonly name: string; readonly production: boolean }) => (
  <span className="row">
    {name}
    {production ? <Badge tone="warn">{texts.shell.production}</Badge> : null}
  </span>
);

export function SourceCard({ row }: { readonly row: MigrationRow }) {
  const { record } = packageSide(row);
  const { packageInfo } = record;
  return (
    <section className="card stack">
      <h2>{t.source}</h2>
      <dl className="facts">
        <Fact name={t.environment}>
          <Environment
            name={row.source?.environment.name ?? packageInfo.environment?.name ?? ''}
            production={row.source?.environment.production ?? false}
          />
        </Fact>
        <Fact name={t.project}>{packageInfo.project?.name}</Fact>
        <Fact name={t.owner}>{packageInfo.creator?.name}</Fact>
        <Fact name={t.created}>{dateText(packageInfo.creationDate)}</Fact>
        <Fact name={t.changed}>{dateText(packageInfo.lastUpdatedDate)}</Fact>
        <Fact name={t.size}>{bytesText(packageInfo.storage?.size)}</Fact>
        <Fact name={t.path}>
          <StoredPath packageInfo={packageInfo} />
        </Fact>
        <Fact name={t.certification}>
          <CertificationText certification={packageInfo.certification} />
        </Fact>
      </dl>
    </section>
  );
}

function StoredPath({ packageInfo }: { readonly packageInfo: PackageInfo }) {
  const isGone = packageInfo.existing === false && packageInfo.status !== 'creating';
  return (
    <>
      {packageInfo.storage?.path ? <code>{packageInfo.storage.path}</code> : texts.common.none}
      {isGone ? <p>{t.gone}</p> : null}
    </>
  );
}

function CertificationText({ certification }: Pick<PackageInfo, 'certification'>) {
  const { status = 'uncertified', operator, lastUpdatedDate } = certification ?? {};
  return (
    <>
      {texts.migrations.certification[status]}{' '}
      {certification ? (
        <span className="muted">{t.certifiedBy(operator?.name ?? '', dateText(lastUpdatedDate))}</span>
      ) : null}
    </>
  );
}

export function TargetCard({ row }: { readonly row: MigrationRow }) {
  const { record, environment } = importSide(row);
  const { importInfo } = record;
  const isMoved = importInfo.status !== 'pending';
  return (
    <section className="card stack">
      <h2>{t.target}</h2>
      <dl className="facts">
        <Fact name={t.environment}>
          <Environment
            name={row.target?.environment.name ?? importInfo.environment?.name ?? texts.migrations.noTarget}
            production={row.target !== null && environment.production}
          />
        </Fact>
        <Fact name={t.project}>{importInfo.project?.name}</Fact>
        {isMoved ? (
          <>
            <Fact name={t.importedBy}>{importInfo.creator?.name}</Fact>
            <Fact name={t.created}>{dateText(importInfo.creationDate)}</Fact>
            <Fact name={t.changed}>{dateText(importInfo.lastUpdatedDate)}</Fact>
            <Fact name={t.rollback}>{hasUndo(record) ? bytesText(importInfo.undoStorage?.size) : t.noRollback}</Fact>
          </>
        ) : null}
      </dl>
    </section>
  );
}

/** The rules of the package; each by what it does. */
export function RulesCard({ content }: { readonly content: TocView }) {
  const { defaultAction, aclOnReplacingObjects, aclOnNewObjects, updateSchema } = content.settings ?? {};
  const acl = [
    ...(aclOnReplacingObjects ? [texts.rules.aclOnReplacing[aclOnReplacingObjects]] : []),
    ...(aclOnNewObjects ?? []).map((word) => texts.rules.aclOnNew[word]),
  ];
  return (
    <section className="card stack">
      <h2>{texts.migration.rules}</h2>
      <dl className="facts">
        <Fact name={t.defaultAction}>{defaultAction ? ruleText(defaultAction) : undefined}</Fact>
        <Fact name={t.acl}>{acl.join('; ')}</Fact>
        <Fact name={t.schema}>
          {(updateSchema ?? []).map((word) => texts.rules.schemaUpdates[word]).join('; ') || t.none}
        </Fact>
      </dl>
    </section>
  );
}
