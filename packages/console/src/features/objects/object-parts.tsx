import type { AclEntryView, ObjectDetail, Translations } from '@longshore/contracts';
import { Empty, ErrorState, Loading, Table, type Column } from '../../design/index.ts';
import { rightsText } from '../../format/index.ts';
import { texts } from '../../texts/index.ts';
import { useDefinition, useTranslations, type ObjectKey } from './use-object.ts';

const t = texts.object;

export function DefinitionPart({ objectKey }: { readonly objectKey: ObjectKey }) {
  const definition = useDefinition(objectKey);
  if (definition.isPending) return <Loading />;
  if (definition.error) return <ErrorState error={definition.error} onRetry={() => void definition.refetch()} />;
  const { uses } = definition.data;
  return (
    <>
      <p className="muted">{t.definitionHint}</p>
      {/* It scrolls, so that it has to be reached by the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="card definition" tabIndex={0} aria-label={t.part.definition}>
        {JSON.stringify(definition.data.definition, null, 2)}
      </pre>
      {uses.length > 0 ? <p>{t.alsoUses(uses.map(({ id }) => id).join(', '))}</p> : null}
    </>
  );
}

export function AccessPart({ object }: { readonly object: ObjectDetail }) {
  if (object.acl.length === 0) return <Empty title={t.noAccess}>{t.noAccessHint}</Empty>;
  return (
    <Table
      label={t.accessTable}
      columns={ACCESS}
      rows={object.acl}
      rowKey={({ trusteeId, deny, inheritable }) => `${trusteeId} ${deny} ${inheritable}`}
    />
  );
}

const ACCESS: readonly Column<AclEntryView>[] = [
  { id: 'trustee', header: t.columns.trustee, cell: ({ trusteeName, trusteeId }) => trusteeName || trusteeId },
  {
    id: 'rights',
    header: t.columns.rights,
    cell: ({ rights, deny }) => `${rightsText(rights)} ${deny ? t.denies : t.allows}`,
  },
  { id: 'kind', header: t.columns.kind, cell: ({ inheritable }) => (inheritable ? t.inside : t.itself) },
];

interface Text {
  readonly key: string;
  readonly of: string;
  readonly language: string;
  readonly text: string;
}

export function TranslationsPart({ objectKey }: { readonly objectKey: ObjectKey }) {
  const translations = useTranslations(objectKey);
  if (translations.isPending) return <Loading />;
  if (translations.error) return <ErrorState error={translations.error} onRetry={() => void translations.refetch()} />;
  const rows = textsOf(translations.data);
  if (rows.length === 0) return <Empty title={t.noTranslations}>{t.noTranslationsHint}</Empty>;
  return <Table label={t.translationsTable} columns={TEXTS} rows={rows} rowKey={({ key }) => key} />;
}

const TEXTS: readonly Column<Text>[] = [
  { id: 'of', header: t.columns.text, width: '18rem', cell: ({ of }) => of },
  { id: 'language', header: t.columns.language, width: '14rem', cell: ({ language }) => language },
  { id: 'text', header: t.columns.translation, cell: ({ text }) => <span title={text}>{text}</span> },
];

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language' });
/** The numbers by which the API knows languages; others are shown as they are. */
const TAGS: Readonly<Record<string, string>> = {
  1031: 'de',
  1033: 'en',
  1034: 'es',
  1036: 'fr',
  1040: 'it',
  1041: 'ja',
  1042: 'ko',
  1043: 'nl',
  1045: 'pl',
  1046: 'pt-BR',
  1053: 'sv',
  2052: 'zh-CN',
  3082: 'es',
};

function textsOf({ localesAndTranslations }: Translations): Text[] {
  return Object.entries(localesAndTranslations).flatMap(([target, { translationTargetName, translationValues }]) =>
    Object.entries(translationValues).map(([lcid, { translation }]) => {
      const tag = TAGS[lcid];
      const language = tag === undefined ? lcid : (LANGUAGES.of(tag) ?? lcid);
      return { key: `${target} ${lcid}`, of: translationTargetName, language, text: translation };
    }),
  );
}
