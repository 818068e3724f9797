import { Type, type Static } from 'typebox';
import { NamedReferenceSchema } from './objects.ts';

/** Bodies and queries of `/api/longshore/*` about metadata, the change journal and the schema. */

/** What a bulk load did. `bytes` counts the body as it was received. */
export const LoadResultSchema = Type.Object({
  projects: Type.Integer(),
  objects: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  bytes: Type.Integer(),
});
export type LoadResult = Static<typeof LoadResultSchema>;

export const DumpQuerySchema = Type.Object({
  projectId: Type.Optional(Type.String()),
  configuration: Type.Optional(Type.Boolean()),
});
export type DumpQuery = Static<typeof DumpQuerySchema>;

export const FingerprintQuerySchema = Type.Object({
  projectId: Type.Optional(Type.String({ description: 'Absent: the configuration objects.' })),
});
export const FingerprintSchema = Type.Object({ fingerprint: Type.String(), objects: Type.Integer() });
export type Fingerprint = Static<typeof FingerprintSchema>;

export const JournalQuerySchema = Type.Object({
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: 0, maximum: 1000, default: 100 }),
  objectId: Type.Optional(Type.String({ maxLength: 64 })),
  packageId: Type.Optional(Type.String({ maxLength: 64 })),
  importId: Type.Optional(Type.String({ maxLength: 64, description: 'An import, and what was undone of it.' })),
  kind: Type.Optional(Type.String({ maxLength: 64 })),
});
export type JournalQuery = Static<typeof JournalQuerySchema>;

export const JournalSchema = Type.Object({
  total: Type.Integer(),
  data: Type.Array(
    Type.Object({
      id: Type.Integer(),
      kind: Type.String(),
      user: NamedReferenceSchema,
      date: Type.String(),
      comment: Type.Optional(Type.String()),
      packageId: Type.Optional(Type.String()),
      importId: Type.Optional(Type.String()),
      summary: Type.Record(Type.String(), Type.Unknown()),
      changes: Type.Integer({ description: 'Number of objects.' }),
    }),
  ),
});

export type Journal = Static<typeof JournalSchema>;

/** What can happen to an object. A copy beside the one that is there is a `create`. */
export const JOURNAL_CHANGES = ['delete', 'update', 'move', 'create'] as const;
export type JournalChange = (typeof JOURNAL_CHANGES)[number];

export const JournalObjectsParamsSchema = Type.Object({ transactionId: Type.Integer({ minimum: 0 }) });
export const JournalObjectsQuerySchema = Type.Object({
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: 0, maximum: 1000, default: 100 }),
  change: Type.Optional(Type.Enum(JOURNAL_CHANGES)),
  q: Type.Optional(Type.String({ maxLength: 250, description: 'part of the name, or an id' })),
});
export type JournalObjectsQuery = Static<typeof JournalObjectsQuerySchema>;

/** The objects of one transaction. A version is absent on the side where the object was not there. */
export const JournalObjectsSchema = Type.Object({
  total: Type.Integer({ description: 'Number of objects that match.' }),
  counts: Type.Object(
    Object.fromEntries(JOURNAL_CHANGES.map((change) => [change, Type.Integer()])) as Record<
      JournalChange,
      ReturnType<typeof Type.Integer>
    >,
    { description: 'All objects of the transaction by what happened to them, whatever is asked for.' },
  ),
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.Integer(),
      name: Type.String(),
      change: Type.Enum(JOURNAL_CHANGES),
      projectId: Type.Optional(Type.String({ description: 'Absent for objects of the configuration.' })),
      versionBefore: Type.Optional(Type.String()),
      versionAfter: Type.Optional(Type.String()),
    }),
  ),
});
export type JournalObjects = Static<typeof JournalObjectsSchema>;
export type JournalObject = JournalObjects['data'][number];

const words = Type.Optional(Type.Array(Type.String()));

/** Filters of `POST /api/changeJournal` (spec/api.md 2.14); the ones that Longshore has no data for match everything. */
export const ChangeJournalSearchSchema = Type.Object({
  affectedObjects: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
  affectedProjects: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
  users: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
  transactionTypes: words,
  changeTypes: words,
  beginTransactionId: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  endTransactionId: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
  beginTime: Type.Optional(Type.String()),
  endTime: Type.Optional(Type.String()),
});
export type ChangeJournalSearch = Static<typeof ChangeJournalSearchSchema>;

export const ChangeJournalParamsSchema = Type.Object({ searchId: Type.String() });
/** What is taken out of the change journal; `timestamp` in the form `MM-dd-yyyy hh:mm:ss AM` (spec/api.md 1.9). */
export const ChangeJournalPurgeSchema = Type.Object({
  purgeAllProjects: Type.Optional(Type.Boolean()),
  'projects.id': Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
  timestamp: Type.Optional(Type.String({ maxLength: 40 })),
  comment: Type.Optional(Type.String({ maxLength: 10_000 })),
});
export type ChangeJournalPurge = Static<typeof ChangeJournalPurgeSchema>;

export const ChangeJournalQuerySchema = Type.Object({
  offset: Type.Integer({ minimum: 0, default: 0 }),
  limit: Type.Integer({ minimum: -1, default: -1 }),
});

export const ChangeJournalEntriesSchema = Type.Object({
  changeJournalEntries: Type.Array(
    Type.Object({
      transactionId: Type.String(),
      transactionType: Type.String(),
      transactionSource: Type.String(),
      timestamp: Type.String(),
      changeType: Type.String(),
      user: NamedReferenceSchema,
      userComments: Type.Optional(Type.String()),
      object: Type.Object({ id: Type.String(), name: Type.String(), type: Type.Integer() }),
      project: Type.Optional(Type.Object({ id: Type.String() })),
      versionBefore: Type.Optional(Type.String()),
      versionAfter: Type.Optional(Type.String()),
    }),
  ),
});

export type ChangeJournalEntries = Static<typeof ChangeJournalEntriesSchema>;

export const SchemaQuerySchema = Type.Object({ projectId: Type.String() });

/** `logicalSize` and `key` are absent until a schema update has computed them. */
export const SchemaStateSchema = Type.Object({
  projectId: Type.String(),
  schemaVersion: Type.Integer(),
  reloadedAt: Type.Optional(Type.String()),
  tables: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      logicalSize: Type.Optional(Type.Integer()),
      key: Type.Optional(Type.Array(Type.String(), { description: 'Ids of the attributes of the table key.' })),
    }),
  ),
});
