import { FOLDER_TYPE, typeOfNumber } from '../objects/types.ts';
import type { ConflictAction } from './actions.ts';

/** The rules of a project merge (spec/api.md 4.4). Of several rules for the same thing the last one counts. */
export interface MergeSettings {
  readonly defaultAction: ConflictAction;
  /** `type` may be a subtype number (256 and more). */
  readonly objectTypeActions: readonly {
    readonly type: number;
    readonly subtype?: number;
    readonly action: ConflictAction;
  }[];
  /** For a folder and all that it holds, at any depth. */
  readonly folderActions: readonly { readonly id: string; readonly action: ConflictAction }[];
  readonly objectActions: readonly { readonly id: string; readonly action: ConflictAction }[];
}

/** What decides which rule is an object's. */
export interface RuledObject {
  readonly id: string;
  readonly type: number;
  readonly subtype: number;
  /** Its folders in the source, the nearest first. */
  readonly ancestorIds: readonly string[];
}

/** The levels of precedence, the strongest first; docs/rules.md lists them. */
export const MERGE_PRECEDENCE = [
  'a rule for the object itself (`objectActions`)',
  'a rule for the nearest folder (`folderActions`); a folder counts as the nearest to itself',
  'a rule for its subtype (`objectTypeActions` with `subtype`)',
  'a rule for its type (`objectTypeActions` without `subtype`)',
  'the default (`defaultAction`)',
] as const;

/** Prepares the rules once; the function it gives says which action an object falls under. */
export function createMergeRules(settings: MergeSettings): (object: RuledObject) => ConflictAction {
  const byObject = new Map(settings.objectActions.map((rule) => [rule.id, rule.action]));
  const byFolder = new Map(settings.folderActions.map((rule) => [rule.id, rule.action]));
  const bySubtype = new Map<number, ConflictAction>();
  const byType = new Map<number, ConflictAction>();
  for (const rule of settings.objectTypeActions) {
    const subtype = rule.subtype ?? (typeOfNumber(rule.type) === rule.type ? undefined : rule.type);
    if (subtype === undefined) byType.set(rule.type, rule.action);
    else bySubtype.set(subtype, rule.action);
  }

  const folderAction = (object: RuledObject): ConflictAction | undefined => {
    const own = object.type === FOLDER_TYPE ? byFolder.get(object.id) : undefined;
    if (own !== undefined || byFolder.size === 0) return own;
    const nearest = object.ancestorIds.find((id) => byFolder.has(id));
    return nearest === undefined ? undefined : byFolder.get(nearest);
  };

  return (object) =>
    byObject.get(object.id) ??
    folderAction(object) ??
    bySubtype.get(object.subtype) ??
    byType.get(object.type) ??
    settings.defaultAction;
}
