import { AppError, parsePackageEntry, type PlanDifference } from '@longshore/contracts';
import {
  aclEffectOf,
  linksForProject,
  objectDifference,
  parseObjectId,
  projectLinksOf,
  type AclEntry,
  type JsonObject,
  type ObjectDifference,
  type ObjectSide,
  type PackageEntry,
} from '@longshore/domain';
import { PackageFileError, readObject, type ObjectLines } from '@longshore/package-file';
import type { FileStore } from '../../platform/files/file-store.ts';
import { parseStorePath } from '../../platform/files/store-path.ts';
import type { Caller } from '../../platform/http/access.ts';
import { parseLinkBody } from '../migrations/security/link-body.ts';
import { objectReader } from '../objects/objects.repository.ts';
import { namedDifference } from './name-difference.ts';
import type { PlanDeps } from './plan-deps.ts';
import type { PlanSubject } from './plan-job.ts';
import { toPlanObject } from './plan-mapper.ts';
import { storedResultOf, subjectOf } from './plan-subject.ts';
import { planRows } from './plan-rows.repository.ts';
import type { PlanRow } from './plans.repository.ts';
import { findReadyPlan } from './read-plans.service.ts';

export interface ShowDifference {
  readonly planId: string;
  readonly objectId: string;
  readonly caller: Caller;
}

/** A definition with more characters is not compared member by member: that would keep everybody else waiting. */
const LARGEST_COMPARED = 1_000_000;
/** So many changes of a definition are told; the rest is counted. */
const MOST_CHANGES = 500;

/**
 * Use case: what the package has of an object that the target has not, field by field. The package's copy is read out
 * of the file, the target's as it is now: whether that is the one that the plan saw is told.
 * @throws AppError `notFound`, `missingPrivilege`, `invalid` when the file is not there any more
 */
export async function showDifference(
  { platform, files }: Pick<PlanDeps, 'platform' | 'files'>,
  { planId, objectId, caller }: ShowDifference,
): Promise<PlanDifference> {
  const plan = await findReadyPlan({ platform }, planId, caller);
  const id = parseObjectId(objectId);
  const row = id === undefined ? undefined : await planRows(platform.library.reader).findObject(plan.id, id);
  if (!row) throw new AppError('notFound', `The object ${objectId.slice(0, 100)} is not in the plan ${plan.id}.`);
  const subject = subjectOf(plan);
  const lines = await readLines(files, subject, row.seq);
  const entry = parsePackageEntry(lines.header);
  if (entry?.id !== row.id) throw changedFile(subject);
  const target = await loadTarget(platform.metadata.reader, scopeOfPlan(plan), row.id);
  const sides = sidesOf({ subject, plan, entry, lines, target });
  const difference = objectDifference(sides.target, sides.package);
  const { result } = storedResultOf(plan) ?? {};
  if (!result) throw new Error(`The plan ${plan.id} has no result.`);
  const named = await namedDifference(platform.metadata.reader, scopeOfPlan(plan), difference);
  return {
    object: toPlanObject(row),
    sides: { target: target !== null, package: !entry.absent },
    targetChanged: (target?.side.version ?? null) !== row.version_before,
    properties: named.properties,
    definition: definitionPart(sides, difference),
    acl: { effect: aclEffectOf(toPlanObject(row).outcome, subject.settings), changes: named.acl },
    translations: named.translations,
  };
}

const scopeOfPlan = (plan: PlanRow): string => {
  const stored = storedResultOf(plan);
  if (!stored) throw new Error(`The plan ${plan.id} has no result.`);
  return stored.scope;
};

function changedFile({ package: { path } }: PlanSubject): AppError {
  return new AppError(
    'invalid',
    `The package file ${path} is not the one that was planned: it was deleted, or the package was edited. Plan again.`,
  );
}

async function readLines(files: FileStore, subject: PlanSubject, position: number): Promise<ObjectLines> {
  const path = parseStorePath(subject.package.path);
  const { size } = (await files.stat(path)) ?? {};
  if (size !== subject.package.size) throw changedFile(subject);
  try {
    return await readObject({ size, read: (start, length) => files.readRange(path, { start, length }) }, position);
  } catch (error) {
    if (error instanceof PackageFileError) throw new AppError('invalid', error.message, { cause: error });
    throw error;
  }
}

/** An object with the text of its definition, which is compared as text where it is too large for more. */
interface ReadObject {
  readonly side: Omit<ObjectSide, 'definition'>;
  readonly definition: string;
}

async function loadTarget(
  db: Parameters<typeof objectReader>[0],
  scope: string,
  id: string,
): Promise<ReadObject | null> {
  const objects = objectReader(db);
  const row = await objects.findRow({ scope, id });
  const body = row && (await objects.findBody({ scope, id }));
  if (!row || !body) return null;
  const acl = JSON.parse((await objects.findAcl(row.acl_id))?.entries ?? '[]') as AclEntry[];
  return {
    definition: body.definition,
    side: {
      name: row.name,
      subtype: row.subtype,
      description: row.description,
      abbreviation: row.abbreviation,
      parentId: row.parent_id,
      ownerId: row.owner_id,
      version: row.version,
      dateCreated: row.date_created,
      dateModified: row.date_modified,
      hidden: row.hidden === 1,
      acl,
      translations: JSON.parse(body.translations) as JsonObject,
    },
  };
}

interface Compared {
  readonly subject: PlanSubject;
  readonly plan: PlanRow;
  readonly entry: PackageEntry;
  readonly lines: ObjectLines;
  readonly target: ReadObject | null;
}

interface Sides {
  readonly target: ObjectSide | null;
  readonly package: ObjectSide | null;
  readonly isSameText: boolean;
}

function sidesOf(compared: Compared): Sides {
  const { subject, entry, lines, target } = compared;
  if (subject.package.type === 'project_security') return linkSides(compared);
  const incoming = entry.absent ? null : { definition: lines.body, side: sideOf(entry) };
  const isLarge = [target, incoming].some((object) => (object?.definition.length ?? 0) > LARGEST_COMPARED);
  const whole = (object: ReadObject | null): ObjectSide | null =>
    object && { ...object.side, definition: isLarge ? null : (JSON.parse(object.definition) as JsonObject) };
  return {
    target: whole(target),
    package: whole(incoming),
    isSameText: target?.definition === incoming?.definition,
  };
}

function sideOf(entry: PackageEntry): ReadObject['side'] {
  const { name, subtype, description, abbreviation, parentId, ownerId, version } = entry;
  const { dateCreated, dateModified, hidden, acl } = entry;
  const translations = JSON.parse(entry.translations) as JsonObject;
  const texts = { name, subtype, description, abbreviation, parentId, ownerId, version };
  return { ...texts, dateCreated, dateModified, hidden, acl, translations };
}

/** A project security package has links with the project and nothing else; only they are compared. */
function linkSides({ subject, plan, entry, lines, target }: Compared): Sides {
  const projectId = plan.project_id ?? '';
  const links = entry.absent ? undefined : parseLinkBody(lines.body, subject.sourceProjectId ?? '')?.links;
  const common = target?.side ?? sideOf({ ...entry, acl: [], translations: '{}' });
  const side = (definition: object): ObjectSide => ({ ...common, definition: { ...definition } });
  const before = target && side(projectLinksOf(JSON.parse(target.definition) as JsonObject, projectId));
  const after = links === undefined ? null : side(linksForProject(links, projectId));
  return { target: before, package: after, isSameText: false };
}

function definitionPart(sides: Sides, { definition }: ObjectDifference): PlanDifference['definition'] {
  const compared = sides.target?.definition !== null && sides.package?.definition !== null;
  return {
    compared,
    differs: compared ? definition.length > 0 : !sides.isSameText,
    total: definition.length,
    changes: definition.slice(0, MOST_CHANGES),
  };
}
