import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aContext, aDate, anAclBook, anEntry, anExisting, anId, anIncoming, IMPORTER } from '../../test/builders.ts';
import { applyToModel, folderFactsOf, modelOf, rowsAgainst } from '../../test/plan-model.ts';
import type { PlanModel } from '../../test/plan-model.ts';
import { ENTRY_ROLES } from '../objects/package-entry.ts';
import { ACL_ON_NEW, ACL_ON_REPLACING, CONFLICT_ACTIONS } from '../rules/actions.ts';
import type { ConflictAction } from '../rules/actions.ts';
import { CONFLICT_KINDS } from '../rules/conflict-kinds.ts';
import type {
  AclBook,
  Decision,
  ExistingObject,
  IncomingObject,
  PlanContext,
  PlanRow,
  PlanSettings,
} from './plan-types.ts';
import { OUTCOMES } from './plan-types.ts';
import { createPlanner } from './planner.ts';
import { checkPostImage } from './post-image.ts';

const FOLDER_IDS = [1, 2, 3, 4, 5].map(anId);
const OBJECT_IDS = [11, 12, 13, 14, 15, 16, 17].map(anId);
/** 950 is nobody on the target. */
const PEOPLE = [900, 901, 950].map(anId);

const acl = fc.array(
  fc.record({
    trusteeId: fc.constantFrom(...PEOPLE),
    rights: fc.integer({ min: 1, max: 255 }),
    deny: fc.boolean(),
    inheritable: fc.boolean(),
  }),
  { maxLength: 3 },
);
const scalars = {
  name: fc.constantFrom('A', 'B'),
  version: fc.constantFrom(anId(5001), anId(5002)),
  dateCreated: fc.integer({ min: 0, max: 3 }).map(aDate),
  dateModified: fc.integer({ min: 7199, max: 7201 }).map(aDate),
  description: fc.constantFrom('', 'x'),
  hidden: fc.boolean(),
  bodyHash: fc.constantFrom('body-1', 'body-2'),
  acl,
};

type Drawn<T> = Omit<T, 'aclId'> & { readonly acl: readonly ReturnType<typeof anEntry>[] };

const KINDS = [
  { type: 4, subtype: 1024 },
  { type: 34, subtype: 8704 },
] as const;

const kindOf = (id: string) =>
  FOLDER_IDS.includes(id) ? { type: 8, subtype: 2048 } : KINDS[OBJECT_IDS.indexOf(id) % 2];

/** Folders lie in folders with a smaller number, so that there are no cycles; the smallest lie in the root. */
const parentFor = (id: string) =>
  fc.constantFrom(anId(0), ...FOLDER_IDS.filter((folder) => !FOLDER_IDS.includes(id) || folder < id));

const incomingFor = (id: string, actions: readonly ConflictAction[]): fc.Arbitrary<Drawn<IncomingObject>> =>
  fc
    .record({
      ...scalars,
      parentId: parentFor(id),
      role: fc.constantFrom(...ENTRY_ROLES.filter((role) => role !== 'ancestor' || FOLDER_IDS.includes(id))),
      action: fc.constantFrom(...actions),
      ownerId: fc.constantFrom(...PEOPLE),
      contactsHash: fc.constantFrom('contacts-1', 'contacts-2'),
    })
    .map((fields) => ({ ...anIncoming({ id, ...kindOf(id) }), ...fields }));

const existingFor = (id: string): fc.Arbitrary<Drawn<ExistingObject>> =>
  fc
    .record({
      ...scalars,
      parentId: parentFor(id),
      ownerId: fc.constantFrom(anId(900), anId(901)),
      contactsHash: fc.constantFrom('contacts-1', 'contacts-2'),
    })
    .map((fields) => ({ ...anExisting({ id, ...kindOf(id) }), ...fields }));

const settings: fc.Arbitrary<PlanSettings> = fc.record({
  aclOnReplacingObjects: fc.constantFrom(null, ...ACL_ON_REPLACING),
  aclOnNewObjects: fc.subarray([...ACL_ON_NEW]),
  nameClash: fc.constant('rename' as const),
});

interface Scene {
  readonly incoming: readonly Drawn<IncomingObject>[];
  readonly existing: readonly Drawn<ExistingObject>[];
  readonly settings: PlanSettings;
}

const ALL_IDS = [...FOLDER_IDS, ...OBJECT_IDS];

const sceneWith = (actions: readonly ConflictAction[]): fc.Arbitrary<Scene> =>
  fc.tuple(fc.subarray(ALL_IDS), fc.subarray(ALL_IDS), settings).chain(([packed, present, settings]) =>
    fc.record({
      incoming: fc.tuple(...packed.map((id) => incomingFor(id, actions))),
      existing: fc.tuple(...present.map(existingFor)),
      settings: fc.constant(settings),
    }),
  );

/** The scene as a package and a target that share one book of lists. */
function stage(scene: Scene): {
  incoming: IncomingObject[];
  model: PlanModel;
  context: (importId: string) => PlanContext;
} {
  const acls = anAclBook();
  const incoming = scene.incoming.map(({ acl, ...rest }) => ({ ...rest, aclId: acls.put(acl) }));
  const model = modelOf(scene.existing.map(({ acl, ...rest }) => ({ ...rest, aclId: acls.put(acl) })));
  const context = (importId: string): PlanContext =>
    aContext({
      importId,
      acls,
      settings: scene.settings,
      existingFolderAcl: (id) => model.get(id)?.aclId ?? null,
    });
  return { incoming, model, context };
}

const isFolderRow = (row: PlanRow): boolean => row.incoming.type === 8;

/** All of a plan that must not depend on the order of rows. */
function planOf(context: PlanContext, chunks: readonly (readonly PlanRow[])[]) {
  const planner = createPlanner(context);
  const decisions = chunks.flatMap((rows) => planner.decide(rows));
  const byId = decisions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    byId,
    issues: planner.issues(),
    warnings: planner.warnings(),
    counts: planner.counts(),
    undo: planner.undoSuppressedBy(),
  };
}

const madeUpIds = (decisions: readonly Decision[]) =>
  decisions.flatMap((decision) => (decision.outcome === 'duplicate' ? [decision.newId, decision.newVersion] : []));

/** The lists of a book as a caller has them who loads what the next rows may need, and takes all out again after them. */
function loadedBook(all: AclBook): AclBook & { load(aclIds: readonly string[]): void } {
  const there = new Set<string>();
  return {
    load(aclIds) {
      there.clear();
      for (const aclId of aclIds) there.add(aclId);
    },
    get(aclId) {
      if (!there.has(aclId)) throw new Error(`${aclId} is not loaded`);
      return all.get(aclId);
    },
    put(entries) {
      const aclId = all.put(entries);
      there.add(aclId);
      return aclId;
    },
  };
}

/** `planOf` with a planner that has to forget all lists after every chunk. */
function forgetfulPlanOf(context: PlanContext, chunks: readonly (readonly PlanRow[])[]) {
  const acls = loadedBook(context.acls);
  const planner = createPlanner({ ...context, acls });
  const decisions = chunks.flatMap((rows) => {
    planner.forgetAcls();
    const own = rows.flatMap(({ incoming, existing }) => [incoming.aclId, ...(existing ? [existing.aclId] : [])]);
    const folders = rows.flatMap(({ incoming, existing }) => [incoming.parentId, existing?.parentId ?? null]);
    acls.load([...own, ...folders.flatMap((id) => (id === null ? [] : (planner.folderAcl(id) ?? [])))]);
    return planner.decide(rows);
  });
  const byId = decisions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { byId, issues: planner.issues(), warnings: planner.warnings() };
}

describe('the planner', () => {
  it('asks for no list but those of the rows and of their folders, and those made since it forgot', () => {
    fc.assert(
      fc.property(sceneWith(CONFLICT_ACTIONS), fc.integer({ min: 1, max: 5 }), (scene, size) => {
        const { incoming, model, context } = stage(scene);
        const rows = rowsAgainst(model, incoming);
        const ordered = [...rows.filter(isFolderRow), ...rows.filter((row) => !isFolderRow(row))];
        const chunks = ordered.flatMap((_, at) => (at % size === 0 ? [ordered.slice(at, at + size)] : []));
        const planContext = context('import-1');
        const { byId, issues, warnings } = planOf(planContext, chunks);
        expect(forgetfulPlanOf(planContext, chunks)).toEqual({ byId, issues, warnings });
      }),
    );
  });

  it('works the list of a folder out again once it forgot, for what is made in the folder', () => {
    const acls = anAclBook();
    const aclId = acls.put([anEntry({ trusteeId: IMPORTER, rights: 7, inheritable: true })]);
    const folder = (id: string) => anIncoming({ id, type: 8, subtype: 2048, parentId: anId(0), aclId });
    const [first, second] = [anId(1), anId(2)];
    const chunks = [
      [folder(first)],
      [folder(second), anIncoming({ id: anId(11), parentId: second, aclId })],
      [anIncoming({ id: anId(12), parentId: first, aclId })],
    ].map((chunk) => chunk.map((incoming): PlanRow => ({ incoming, existing: null })));
    const context = aContext({ acls, settings: { aclOnNewObjects: [...ACL_ON_NEW] } });
    const { byId, issues, warnings } = planOf(context, chunks);
    expect(forgetfulPlanOf(context, chunks)).toEqual({ byId, issues, warnings });
  });

  it('decides every row, with the action and a conflict and reason, and counts what it decided', () => {
    fc.assert(
      fc.property(sceneWith(CONFLICT_ACTIONS), (scene) => {
        const { incoming, model, context } = stage(scene);
        const planner = createPlanner(context('import-1'));
        const rows = rowsAgainst(model, incoming);
        const decisions = planner.decide(rows);
        expect(decisions.map(({ id, action }) => ({ id, action }))).toEqual(
          incoming.map(({ id, action }) => ({ id, action })),
        );
        for (const decision of decisions) {
          expect(OUTCOMES).toContain(decision.outcome);
          expect(CONFLICT_KINDS).toContain(decision.conflict);
          expect(decision.conflict === 'NEW').toBe(!model.has(decision.id));
          expect(['create', 'skip'].includes(decision.outcome)).toBe(decision.conflict === 'NEW');
          expect(decision.reason).not.toBe('');
        }
        expect(Object.values(planner.counts()).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
      }),
    );
  });

  it('decides the same for rows in any order and any chunks', () => {
    const shuffled = sceneWith(CONFLICT_ACTIONS).chain((scene) =>
      fc.record({
        scene: fc.constant(scene),
        order: fc.shuffledSubarray([...scene.incoming.keys()], { minLength: scene.incoming.length }),
        cut: fc.nat({ max: scene.incoming.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ scene, order, cut }) => {
        const { incoming, model, context } = stage(scene);
        const rows = rowsAgainst(model, incoming);
        const mixed = order.flatMap((position) => rows[position] ?? []);
        const folders = mixed.filter(isFolderRow);
        const rest = mixed.filter((row) => !isFolderRow(row));
        const expected = planOf(context('import-1'), [rows]);
        expect(planOf(context('import-1'), [mixed])).toEqual(expected);
        expect(planOf(context('import-1'), [folders, rest.slice(0, cut), rest.slice(cut)])).toEqual(expected);
      }),
    );
  });

  it('gives no object an owner, and no new object an access entry, that the target does not have', () => {
    fc.assert(
      fc.property(sceneWith(CONFLICT_ACTIONS), (scene) => {
        const { incoming, context } = stage({ ...scene, existing: [] });
        const planContext = context('import-1');
        for (const decision of createPlanner(planContext).decide(rowsAgainst(modelOf([]), incoming))) {
          if (decision.outcome !== 'create') continue;
          expect([anId(900), anId(901), IMPORTER]).toContain(decision.ownerId);
          const trustees = planContext.acls.get(decision.aclId).map((entry) => entry.trusteeId);
          expect(trustees).not.toContain(anId(950));
        }
      }),
    );
  });

  it('writes nothing when the same package is imported again', () => {
    const repeatable = CONFLICT_ACTIONS.filter((action) => action !== 'force_replace' && action !== 'keep_both');
    fc.assert(
      fc.property(sceneWith(repeatable), (scene) => {
        const { incoming, model, context } = stage(scene);
        const first = createPlanner(context('import-1')).decide(rowsAgainst(model, incoming));
        applyToModel(model, incoming, first);
        // A folder that is deleted while something stays in it stops the import, so that there is no second one.
        fc.pre(checkPostImage(folderFactsOf(model, incoming, first)).length === 0);
        const before = new Map(model);
        const second = createPlanner(context('import-2')).decide(rowsAgainst(model, incoming));
        expect(
          second.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'keep' && outcome !== 'skip'),
        ).toEqual([]);
        applyToModel(model, incoming, second);
        expect(model).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('has the same ids and versions for the same import, and others for another', () => {
    fc.assert(
      fc.property(sceneWith(['keep_both']), (scene) => {
        const { incoming, model, context } = stage(scene);
        const plan = (importId: string) =>
          madeUpIds(createPlanner(context(importId)).decide(rowsAgainst(model, incoming)));
        const once = plan('import-1');
        expect(plan('import-1')).toEqual(once);
        expect(new Set([...once, ...plan('import-2')]).size).toBe(once.length * 2);
      }),
    );
  });
});
