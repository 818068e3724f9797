import { AppError, type MetadataSearchBody, type MetadataSearchQuery } from '@longshore/contracts';
import { CONFIGURATION_SCOPE, parseObjectId, parseWireDate } from '@longshore/domain';
import { wireDate } from '../../platform/clock.ts';
import type { DateRange, ObjectFilter } from '../objects/object-lists.repository.ts';

const DOMAIN = { local: 1, project: 2, repository: 3, configuration: 4 } as const;
/** Root of what freeform reports bring along; a search for managed objects looks only there. */
const MANAGED_FOLDER = '93D8CF3849C1F85DC1A48E8B9E4271F1';
const DAY_MS = 24 * 60 * 60 * 1000;

/** @throws AppError `missing` when a project is searched and none is named */
export function searchedScope(projectId: string | null, domain: number = DOMAIN.project): string {
  if (domain === DOMAIN.configuration) return CONFIGURATION_SCOPE;
  if (projectId !== null) return projectId;
  if (domain !== DOMAIN.project) return CONFIGURATION_SCOPE;
  throw new AppError('missing', 'The header X-MSTR-ProjectID is required to search in a project.');
}

type Conditions = Omit<ObjectFilter, 'scope' | 'aclIds' | 'nameLike' | 'descriptionLike' | 'ids'>;

/** The conditions of a metadata search except for names, descriptions and dependencies. */
export function searchConditions(query: MetadataSearchQuery, body: MetadataSearchBody, now: number): Conditions {
  const root = query.root === undefined ? managedRoot(query.scope) : toId(query.root, 'root');
  const { excludedFolders = [], includeSubfolders = true } = body;
  return {
    types: listOrNothing(query.type),
    ...(root === undefined ? {} : includeSubfolders ? { below: root } : { parentId: root }),
    ...(excludedFolders.length === 0 ? {} : { notBelow: excludedFolders.map((id) => toId(id, 'excludedFolders')) }),
    ...(query.visibility?.toUpperCase() === 'VISIBLE' ? { hidden: false } : {}),
    ...(body.ownerId === undefined ? {} : { ownerId: toId(body.ownerId, 'ownerId') }),
    ...dateConditions(query, body, now),
  };
}

const MANAGED_SCOPES = new Set(['managed', 'managed_only']);
const managedRoot = (scope: string | undefined): string | undefined =>
  scope !== undefined && MANAGED_SCOPES.has(scope.toLowerCase()) ? MANAGED_FOLDER : undefined;

export const listOrNothing = (list: readonly number[] | undefined): readonly number[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;

/** A range of the query counts for the modification date, one of the body for the date that it names. */
function dateConditions(
  query: MetadataSearchQuery,
  body: MetadataSearchBody,
  now: number,
): Pick<ObjectFilter, 'created' | 'modified'> {
  const asked: DateRange = {
    from: toDate(query.beginModificationTime, 'beginModificationTime'),
    to: toDate(query.endModificationTime, 'endModificationTime'),
  };
  const { timeRange } = body;
  if (timeRange === undefined) return { modified: asked };
  const range: DateRange = {
    from: toDate(timeRange.beginTime, 'timeRange.beginTime') ?? sinceDate(timeRange, now),
    to: toDate(timeRange.endTime, 'timeRange.endTime'),
  };
  if (body.dateFilterType?.toUpperCase() === 'CREATED') return { created: range, modified: asked };
  return { modified: { from: asked.from ?? range.from, to: asked.to ?? range.to } };
}

function sinceDate(
  { sinceDays, sinceMonths }: NonNullable<MetadataSearchBody['timeRange']>,
  now: number,
): string | undefined {
  if (sinceDays !== undefined) return wireDate(now - sinceDays * DAY_MS);
  if (sinceMonths === undefined) return undefined;
  const date = new Date(now);
  date.setUTCMonth(date.getUTCMonth() - sinceMonths);
  return wireDate(date.getTime());
}

function toDate(value: string | undefined, field: string): string | undefined {
  if (value === undefined) return undefined;
  const date = parseWireDate(value);
  if (date !== undefined) return date;
  throw new AppError('invalid', `Invalid value: ${field} must be a UTC date such as 2021-04-04T06:33:32Z.`);
}

/** @throws AppError `invalid` naming the field */
export function toId(value: string, field: string): string {
  const id = parseObjectId(value);
  if (id !== undefined) return id;
  throw new AppError('invalid', `Invalid value: ${field} must be an id of 32 hex digits.`);
}
