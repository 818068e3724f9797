import type { ObjRef } from '../src/planner/issues.ts';
import type { Decision, ExistingObject, IncomingObject, PlanRow } from '../src/planner/plan-types.ts';
import type { PostImageFacts } from '../src/planner/post-image.ts';

/** A target in memory: just enough of one to carry out a plan and look at it again. */
export type PlanModel = Map<string, ExistingObject>;

export function modelOf(objects: readonly ExistingObject[]): PlanModel {
  return new Map(objects.map((object) => [object.id, object]));
}

/** The entries joined with the target, with `hasContents` as an importer would find it. */
export function rowsAgainst(model: PlanModel, incoming: readonly IncomingObject[]): PlanRow[] {
  const filled = new Set([...incoming, ...model.values()].map((object) => object.parentId));
  return incoming.map((object) => ({
    incoming: { ...object, hasContents: object.type === 8 && filled.has(object.id) },
    existing: model.get(object.id) ?? null,
  }));
}

function written(
  incoming: IncomingObject,
  decision: Extract<Decision, { outcome: 'create' | 'replace' }>,
): ExistingObject {
  const { id, type, subtype, description, abbreviation, hidden, bodyHash, contactsHash } = incoming;
  const { name, parentId, ownerId, aclId, version, dateCreated, dateModified } = decision;
  const own = { id, type, subtype, description, abbreviation, hidden, bodyHash, contactsHash };
  return { ...own, name, parentId, ownerId, aclId, version, dateCreated, dateModified };
}

/** Carries out the decisions (not those that duplicate, which change no object of the package). */
export function applyToModel(
  model: PlanModel,
  incoming: readonly IncomingObject[],
  decisions: readonly Decision[],
): void {
  const incomingById = new Map(incoming.map((object) => [object.id, object]));
  for (const decision of decisions) {
    const object = incomingById.get(decision.id);
    const existing = model.get(decision.id);
    if (object === undefined) continue;
    if (decision.outcome === 'create' || decision.outcome === 'replace')
      model.set(object.id, written(object, decision));
    else if (decision.outcome === 'delete') model.delete(object.id);
    else if (existing !== undefined && decision.outcome === 'move') {
      model.set(object.id, { ...existing, parentId: decision.parentId });
    } else if (existing !== undefined && decision.outcome === 'update_contacts') {
      model.set(object.id, { ...existing, parentId: decision.parentId, contactsHash: object.contactsHash });
    }
  }
}

const toRef = ({ id, type, name }: ObjRef): ObjRef => ({ id, type, name });

/** What the model after the decisions says about the deleted folders. The model knows nothing of the other facts. */
export function folderFactsOf(
  model: PlanModel,
  incoming: readonly IncomingObject[],
  decisions: readonly Decision[],
): PostImageFacts {
  const deleted = new Set(decisions.filter(({ outcome }) => outcome === 'delete').map(({ id }) => id));
  const nonEmptyFolderDeletes = incoming
    .filter((object) => deleted.has(object.id))
    .flatMap((folder) =>
      [...model.values()]
        .filter((child) => child.parentId === folder.id)
        .map((child) => ({ folder: toRef(folder), child: toRef(child) })),
    );
  return { missingDependencies: [], usedDeletes: [], missingParents: [], nonEmptyFolderDeletes, folderCycles: [] };
}
