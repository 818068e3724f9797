import type { AclEntryView, Ancestor, ObjectDetail, ObjectSummary } from '@longshore/contracts';
import { projectOf, USER_SUBTYPE, type AclEntry, type JsonObject } from '@longshore/domain';
import type { Executor } from '../../platform/db/database.ts';
import type { CertificationTable, MetadataTables, ObjectTable } from '../../platform/db/metadata-schema.ts';
import { folderTree } from './folder-tree.repository.ts';
import type { Accessor, ObjectAccess } from './object-access.service.ts';
import type { ObjectKey } from './object-writer.repository.ts';
import { objectReader, type PrincipalRow } from './objects.repository.ts';

/** Brings stored objects into the form of the API, as one accessor sees them. */
export interface ObjectViews {
  /** The rows are of one scope, which is the one that the accessor is for. */
  summaries(db: Executor<MetadataTables>, accessor: Accessor, rows: readonly ObjectTable[]): Promise<ObjectSummary[]>;
  detail(db: Executor<MetadataTables>, accessor: Accessor, row: ObjectTable): Promise<ObjectDetail>;
  aclEntries(db: Executor<MetadataTables>, aclId: string): Promise<AclEntryView[]>;
}

export function createObjectViews(access: ObjectAccess): ObjectViews {
  const summaries: ObjectViews['summaries'] = async (db, accessor, rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const reader = objectReader(db);
    const rights = await access.masks(
      db,
      accessor,
      rows.map((row) => row.acl_id),
    );
    const owners = await reader.loadPrincipals([...new Set(rows.map((row) => row.owner_id))]);
    const certifications = await reader.loadCertifications(
      first.scope,
      rows.map((row) => row.id),
    );
    return rows.map((row) =>
      toSummary(row, {
        rights: rights.get(row.acl_id) ?? 0,
        owner: owners.get(row.owner_id),
        certification: certifications.get(row.id),
      }),
    );
  };

  return {
    summaries,
    aclEntries,
    async detail(db, accessor, row) {
      const [summary] = await summaries(db, accessor, [row]);
      const acl = await aclEntries(db, row.acl_id);
      const ancestors = await shownAncestors(access, db, accessor, row);
      const comments = commentsOf((await objectReader(db).findBody(row))?.definition);
      return {
        // Clients ask an object whether it is certified before they certify it, and need an answer.
        certifiedInfo: { certified: false },
        ...(summary as ObjectSummary),
        ancestors,
        acl,
        ...(comments === undefined ? {} : { comments }),
      };
    },
  };
}

/**
 * The folders above an object, nearest first. One that the accessor may not browse keeps its place and loses its name:
 * clients find the parent by its level, and break where it is left out.
 */
export async function shownAncestors(
  access: ObjectAccess,
  db: Executor<MetadataTables>,
  accessor: Accessor,
  key: ObjectKey,
): Promise<Ancestor[]> {
  const rows = await folderTree(db).listAncestors(key);
  const isShown = await access.visibility(db, accessor, rows);
  return rows.map((row) => ({ id: row.id, name: isShown(row) ? row.name : '', level: row.level }));
}

async function aclEntries(db: Executor<MetadataTables>, aclId: string): Promise<AclEntryView[]> {
  const text = (await objectReader(db).findAcl(aclId))?.entries ?? '[]';
  const entries = JSON.parse(text) as AclEntry[];
  const trustees = await objectReader(db).loadPrincipals([...new Set(entries.map((entry) => entry.trusteeId))]);
  return entries.map((entry) => toAclEntryView(entry, trustees.get(entry.trusteeId)));
}

/** A trustee that is gone is shown by its id, like an owner that is gone: clients need every field of every entry. */
function toAclEntryView(entry: AclEntry, trustee: PrincipalRow | undefined): AclEntryView {
  return {
    deny: entry.deny,
    type: 1,
    rights: entry.rights,
    trusteeId: entry.trusteeId,
    trusteeName: trustee?.name ?? entry.trusteeId,
    trusteeType: 34,
    trusteeSubtype: trustee?.subtype ?? USER_SUBTYPE,
    inheritable: entry.inheritable,
  };
}

interface SummaryParts {
  readonly rights: number;
  readonly owner: PrincipalRow | undefined;
  readonly certification: CertificationTable | undefined;
}

function toSummary(row: ObjectTable, parts: SummaryParts): ObjectSummary {
  const projectId = projectOf(row.scope);
  const { certification, owner } = parts;
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    subtype: row.subtype,
    ...(row.description === '' ? {} : { description: row.description }),
    ...(row.abbreviation === '' ? {} : { abbreviation: row.abbreviation }),
    ...(row.hidden === 0 ? {} : { hidden: true }),
    dateCreated: row.date_created,
    dateModified: row.date_modified,
    version: row.version,
    acg: parts.rights,
    owner: { id: row.owner_id, name: owner?.name ?? row.owner_id },
    ...(certification === undefined ? {} : { certifiedInfo: toCertifiedInfo(certification) }),
    ...(projectId === null ? {} : { projectId }),
  };
}

function toCertifiedInfo(certification: CertificationTable): NonNullable<ObjectSummary['certifiedInfo']> {
  return {
    certified: true,
    dateCertified: certification.date,
    certifier: { id: certification.user_id, name: certification.user_name },
  };
}

/** The long description lies in the definition, so that it travels with the object. */
function commentsOf(definition: string | undefined): string | undefined {
  if (definition === undefined || !definition.includes('"comments"')) return undefined;
  const { comments } = JSON.parse(definition) as JsonObject;
  return typeof comments === 'string' ? comments : undefined;
}
