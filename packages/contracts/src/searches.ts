import { Type, type Static } from 'typebox';
import { ObjectSummarySchema } from './objects.ts';

/** Bodies and queries of `/api/searches*` and `/api/metadataSearches*` (spec/api.md 2.6). */

/** 0 any word, 1 begins with, 2 exactly, 3 a word begins with the phrase, 4 contains, 5 ends with. */
export const NAME_PATTERNS = [0, 1, 2, 3, 4, 5] as const;
export type NamePattern = (typeof NAME_PATTERNS)[number];

/** Characters of a text that is looked for; names are no longer than 250. */
export const MOST_SEARCHED_CHARACTERS = 1000;
/** Different words of a name that is looked for by any of its words. */
export const MOST_SEARCHED_WORDS = 50;
/** A text that is looked for in names or descriptions. */
export const SearchedText = Type.String({ maxLength: MOST_SEARCHED_CHARACTERS });

const pattern = Type.Optional(Type.Integer({ minimum: 0, maximum: 5, default: 4 }));

export const QuickSearchQuerySchema = Type.Object({
  name: Type.Optional(SearchedText),
  pattern,
  type: Type.Optional(Type.Array(Type.Integer())),
  root: Type.Optional(Type.String()),
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: -1, default: -1 }),
  getAncestors: Type.Optional(Type.Boolean()),
  certifiedStatus: Type.Optional(Type.String({ description: 'ALL, CERTIFIED_ONLY, NOT_CERTIFIED_ONLY or OFF.' })),
  ownerId: Type.Optional(Type.String()),
  'result.hidden': Type.Optional(Type.Boolean()),
});
export type QuickSearchQuery = Static<typeof QuickSearchQuerySchema>;

export const QuickSearchResultSchema = Type.Object({
  totalItems: Type.Integer(),
  result: Type.Array(ObjectSummarySchema),
});

export const MetadataSearchQuerySchema = Type.Object({
  name: Type.Optional(SearchedText),
  pattern,
  domain: Type.Optional(Type.Integer({ minimum: 1, maximum: 4, default: 2 })),
  root: Type.Optional(Type.String()),
  type: Type.Optional(Type.Array(Type.Integer(), { description: 'Types and subtypes, mixed.' })),
  usesObject: Type.Optional(Type.Array(Type.String(), { description: '<id>;<type>: finds what depends on it.' })),
  usedByObject: Type.Optional(Type.Array(Type.String(), { description: '<id>;<type>: finds its components.' })),
  usesRecursive: Type.Optional(Type.Boolean()),
  usedByRecursive: Type.Optional(Type.Boolean()),
  usesOneOf: Type.Optional(Type.Boolean()),
  usedByOneOf: Type.Optional(Type.Boolean()),
  beginModificationTime: Type.Optional(Type.String()),
  endModificationTime: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  visibility: Type.Optional(Type.String({ description: 'VISIBLE leaves hidden objects out; ALL is the default.' })),
});
export type MetadataSearchQuery = Static<typeof MetadataSearchQuerySchema>;

/** `timeRange` of the second version: a begin, an end, or a number of days or months back. */
export const MetadataSearchBodySchema = Type.Object({
  includeSubfolders: Type.Optional(Type.Boolean()),
  dateFilterType: Type.Optional(Type.String({ description: 'CREATED or MODIFIED.' })),
  timeRange: Type.Optional(
    Type.Object({
      beginTime: Type.Optional(Type.String()),
      endTime: Type.Optional(Type.String()),
      sinceDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
      sinceMonths: Type.Optional(Type.Integer({ minimum: 0, maximum: 3000 })),
    }),
  ),
  descriptionQuery: Type.Optional(SearchedText),
  ownerId: Type.Optional(Type.String()),
  localeId: Type.Optional(Type.Unknown()),
  excludedFolders: Type.Optional(Type.Array(Type.String())),
});
export type MetadataSearchBody = Static<typeof MetadataSearchBodySchema>;

export const MetadataSearchSchema = Type.Object({ id: Type.String(), totalItems: Type.Integer() });

export const SearchResultsQuerySchema = Type.Object({
  searchId: Type.String(),
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: -1, default: -1 }),
  fields: Type.Optional(Type.String()),
});

/** The found objects under the folders in which they lie, from the top. */
export interface SearchTreeNode {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly subtype: number;
  readonly children: readonly SearchTreeNode[];
}
