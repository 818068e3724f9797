import { Type, type Static } from 'typebox';
import { SearchedText } from './searches.ts';

/** Bodies of `/api/searchObjects*`: saved searches, which hold conditions and no results (spec/mstrio-surface.md 3.4). */

export const DATE_FILTER_TYPES = ['CREATED', 'MODIFIED'] as const;
export const SEARCH_VISIBILITIES = ['VISIBLE', 'ALL'] as const;
export const SEARCH_SCOPES = ['ROOTED', 'NOT_MANAGED_ONLY', 'MANAGED_ONLY', 'ALL'] as const;

const conditions = {
  nameQuery: Type.Optional(SearchedText),
  descriptionQuery: Type.Optional(SearchedText),
  root: Type.Optional(Type.String({ description: 'Id of the folder below which is searched.' })),
  types: Type.Optional(Type.Array(Type.String(), { description: 'Names of types in lower case, e.g. attribute.' })),
  subtypes: Type.Optional(Type.Array(Type.String())),
  dateFilterType: Type.Optional(Type.String({ description: DATE_FILTER_TYPES.join(', ') })),
  timeRange: Type.Optional(
    Type.Object({
      beginTime: Type.Optional(Type.String()),
      endTime: Type.Optional(Type.String()),
      sinceDays: Type.Optional(Type.Integer({ minimum: 0 })),
      sinceMonths: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),
  ownerId: Type.Optional(Type.String()),
  localeId: Type.Optional(Type.Integer()),
  visibility: Type.Optional(Type.String({ description: SEARCH_VISIBILITIES.join(', ') })),
  includeSubfolders: Type.Optional(Type.Boolean()),
  excludedFolders: Type.Optional(Type.Array(Type.String())),
  scope: Type.Optional(Type.String({ description: SEARCH_SCOPES.join(', ') })),
};

export const SearchConditionsSchema = Type.Object(conditions);
export type SearchConditions = Static<typeof SearchConditionsSchema>;

export const SearchObjectSchema = Type.Object({ id: Type.String(), name: Type.String(), ...conditions });
export type SearchObject = Static<typeof SearchObjectSchema>;

/** `location` is the folder in which the search is saved; the folder Searches when it is absent. */
export const CreateSearchObjectSchema = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 250 })),
  description: Type.Optional(Type.String()),
  location: Type.Optional(Type.String()),
  ...conditions,
});
export type CreateSearchObject = Static<typeof CreateSearchObjectSchema>;

/** `replace` sets a condition, `remove` drops it; the path is the condition's name behind a slash. */
export const PatchSearchObjectSchema = Type.Object({
  operationList: Type.Array(
    Type.Object({ op: Type.String(), path: Type.String(), value: Type.Optional(Type.Unknown()) }),
    { minItems: 1, maxItems: 100 },
  ),
});
export type SearchObjectOperation = Static<typeof PatchSearchObjectSchema>['operationList'][number];
