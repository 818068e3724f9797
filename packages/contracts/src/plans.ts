import {
  ACL_EFFECTS,
  ACL_ON_NEW,
  ACL_ON_REPLACING,
  COMPARED_PROPERTIES,
  CONFLICT_ACTIONS,
  CONFLICT_KINDS,
  ENTRY_ROLES,
  OUTCOMES,
  PACKAGE_PURPOSES,
  PACKAGE_TYPES,
  SCHEMA_UPDATES,
  TRANSLATION_ACTIONS,
} from '@longshore/domain';
import { Type, type Static, type TSchema } from 'typebox';
import { TriggerImportBodySchema } from './migrations.ts';

/** Bodies and queries of `/api/longshore/plans` (docs/plans.md). Keys without a value are left out. */

export const PLAN_STATUSES = ['planning', 'planned', 'failed'] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];

/** Body of POST: the record as the source gives it, as an import would carry it; what it says of states is not looked at. */
export const CreatePlanBodySchema = TriggerImportBodySchema;
export type CreatePlanBody = Static<typeof CreatePlanBodySchema>;

const Named = Type.Object({ id: Type.String(), name: Type.String() });
const Count = Type.Integer({ minimum: 0 });
const ChangeKind = Type.Enum(['added', 'removed', 'changed']);

export const OutcomeCountsSchema = Type.Object(
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, Count])) as Record<(typeof OUTCOMES)[number], typeof Count>,
);

/** The settings of the package that the plan follows, as its file has them. */
export const PlanSettingsSchema = Type.Object({
  updateSchema: Type.Array(Type.Enum(SCHEMA_UPDATES)),
  aclOnReplacingObjects: Type.Optional(Type.Enum(ACL_ON_REPLACING)),
  aclOnNewObjects: Type.Array(Type.Enum(ACL_ON_NEW)),
  defaultAction: Type.Enum(CONFLICT_ACTIONS),
  validateDependencies: Type.Optional(Type.Boolean()),
  translationAction: Type.Optional(Type.Enum(TRANSLATION_ACTIONS)),
  /** What happens when a name is taken by another object; a setting of the target's server. */
  nameClash: Type.Enum(['rename', 'fail']),
});
export type PlanSettingsView = Static<typeof PlanSettingsSchema>;

/** What a plan found, once it is `planned`. */
export const PlanResultSchema = Type.Object({
  /** Objects by outcome; the counts add up to `total`, the number of objects in the package. */
  counts: OutcomeCountsSchema,
  total: Count,
  issueCounts: Type.Object({ blocking: Count, warning: Count }),
  /** True when the import would be stopped, and nothing changed. */
  blocked: Type.Boolean(),
  /** What else there is to know, in sentences. */
  notes: Type.Array(Type.String()),
  /** Whether the import would write an undo package, and if not, why. */
  undo: Type.Object({ possible: Type.Boolean(), reason: Type.Optional(Type.String()) }),
  /** True when the schema of the target project would be updated as the settings say. */
  updatesSchema: Type.Boolean(),
});
export type PlanResult = Static<typeof PlanResultSchema>;

export const PlanSchema = Type.Object({
  id: Type.String(),
  migrationId: Type.String(),
  status: Type.Enum(PLAN_STATUSES),
  progress: Type.Number(),
  /** Why it failed; empty otherwise. */
  message: Type.String(),
  creator: Named,
  creationDate: Type.String(),
  lastUpdatedDate: Type.String(),
  /** When it is thrown away at the latest; it goes earlier when its session ends. */
  expirationDate: Type.Optional(Type.String()),
  package: Type.Object({
    id: Type.String(),
    name: Type.String(),
    type: Type.Enum(PACKAGE_TYPES),
    purpose: Type.Enum(PACKAGE_PURPOSES),
    size: Count,
    path: Type.String(),
  }),
  /** The target project; absent for configuration packages. */
  project: Type.Optional(Named),
  settings: PlanSettingsSchema,
  result: Type.Optional(PlanResultSchema),
  /** True when something was written to the target since the plan was made: an import may do something else. */
  targetChanged: Type.Boolean(),
});
export type Plan = Static<typeof PlanSchema>;

export const PlanListSchema = Type.Object({ total: Count, data: Type.Array(PlanSchema) });
export type PlanList = Static<typeof PlanListSchema>;

/** What is before and after; a side that does not exist is left out. */
const change = <T extends TSchema>(value: T) => ({ before: Type.Optional(value), after: Type.Optional(value) });

const PlanFolder = Type.Object({
  id: Type.String(),
  /** Names of the folders from the top, each after a slash. */
  path: Type.String(),
});

/** What the import would do with one object of the package. */
export const PlanObjectSchema = Type.Object({
  id: Type.String(),
  type: Type.Integer(),
  subtype: Type.Integer(),
  /** As the import would leave it; as the target has it when it would be deleted. */
  name: Type.String(),
  /** Of the folder in which it would lie, or lies. */
  path: Type.String(),
  outcome: Type.Enum(OUTCOMES),
  conflict: Type.Enum(CONFLICT_KINDS),
  /** The rule that decides. */
  action: Type.Enum(CONFLICT_ACTIONS),
  /** Where the rule comes from: `content` was chosen, `dependent` is needed by something, `ancestor` holds something. */
  role: Type.Enum(ENTRY_ROLES),
  /** Why the rule leads to the outcome. */
  reason: Type.String(),
  /** The id of the copy, where one would be made. */
  newId: Type.Optional(Type.String()),
  names: Type.Object({ ...change(Type.String()), package: Type.String() }),
  parents: Type.Object(change(PlanFolder)),
  versions: Type.Object({ ...change(Type.String()), package: Type.Optional(Type.String()) }),
  datesModified: Type.Object({ target: Type.Optional(Type.String()), package: Type.Optional(Type.String()) }),
});
export type PlanObject = Static<typeof PlanObjectSchema>;

export const PlanIssueSchema = Type.Object({
  severity: Type.Enum(['blocking', 'warning']),
  /** A stable word for the kind of issue, such as `missing-dependency`. */
  type: Type.String(),
  /** What is wrong, with which object, and what to do next. */
  message: Type.String(),
  object: Type.Object({ id: Type.String(), type: Type.Integer(), name: Type.String() }),
});
export type PlanIssue = Static<typeof PlanIssueSchema>;

/** A step from the definition of the target to that of the package; `path` is a JSON pointer. */
export const DefinitionChangeSchema = Type.Object({
  change: ChangeKind,
  path: Type.String(),
  from: Type.Optional(Type.Unknown()),
  to: Type.Optional(Type.Unknown()),
});

const Principal = Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) });

/** Field by field, what the package has and the target has not, and the other way round. */
export const PlanDifferenceSchema = Type.Object({
  object: PlanObjectSchema,
  /** Which of the two sides has the object. */
  sides: Type.Object({ target: Type.Boolean(), package: Type.Boolean() }),
  /** True when the object on the target is not the one that the plan saw. */
  targetChanged: Type.Boolean(),
  properties: Type.Array(
    Type.Object({
      property: Type.Enum(COMPARED_PROPERTIES),
      change: ChangeKind,
      target: Type.Optional(Type.Unknown()),
      package: Type.Optional(Type.Unknown()),
      /** Names of what the ids mean, where the target knows them. */
      targetName: Type.Optional(Type.String()),
      packageName: Type.Optional(Type.String()),
    }),
  ),
  definition: Type.Object({
    /** False when the definitions are too large to be compared member by member. */
    compared: Type.Boolean(),
    /** True when they are not the same, also where they are not compared. */
    differs: Type.Boolean(),
    /** Of all changes; `changes` holds the first ones. */
    total: Count,
    changes: Type.Array(DefinitionChangeSchema),
  }),
  acl: Type.Object({
    /** Whose entries the object would have after the import. */
    effect: Type.Enum(ACL_EFFECTS),
    changes: Type.Array(
      Type.Object({
        trustee: Principal,
        deny: Type.Boolean(),
        inheritable: Type.Boolean(),
        change: ChangeKind,
        target: Type.Optional(Type.Integer()),
        package: Type.Optional(Type.Integer()),
      }),
    ),
  }),
  translations: Type.Array(
    Type.Object({
      language: Type.Object({ lcid: Type.String(), name: Type.Optional(Type.String()) }),
      /** What is translated: `1:0:` the name, `1:2:` the description, others are texts of the definition. */
      text: Type.String(),
      change: ChangeKind,
      target: Type.Optional(Type.String()),
      package: Type.Optional(Type.String()),
    }),
  ),
});
export type PlanDifference = Static<typeof PlanDifferenceSchema>;

export const PlanParamsSchema = Type.Object({ planId: Type.String() });
export const PlanObjectParamsSchema = Type.Object({ planId: Type.String(), objectId: Type.String() });

const page = {
  offset: Type.Optional(Type.Integer({ default: 0 })),
  limit: Type.Optional(Type.Integer({ default: 100, description: 'at most 1000; -1 means 1000' })),
  fields: Type.Optional(Type.String({ description: 'comma list of top-level fields of the answer' })),
};
export const ListPlansQuerySchema = Type.Object({
  migrationId: Type.Optional(Type.String({ description: '`packageId:importId`' })),
  packageId: Type.Optional(Type.String({ description: 'of which package, whatever its import' })),
});
export const PlanObjectsQuerySchema = Type.Object({
  outcome: Type.Optional(Type.Array(Type.Enum(OUTCOMES), { description: `any of ${OUTCOMES.join(', ')}` })),
  q: Type.Optional(Type.String({ maxLength: 250, description: 'part of the name or of the path, or an id' })),
  type: Type.Optional(Type.Integer({ description: 'type number' })),
  ...page,
});
export const PlanIssuesQuerySchema = Type.Object({
  severity: Type.Optional(Type.Enum(['blocking', 'warning'])),
  ...page,
});
