import { AppError } from '@longshore/contracts';
import {
  canonicalJson,
  CONFIGURATION_SCOPE,
  decideLinks,
  hasLinks,
  isSameLinks,
  linksForProject,
  linkTargetsOf,
  projectLinksOf,
  referencesOf,
  withoutFolders,
  withProjectLinks,
  type Decision,
  type ExistingObject,
  type IncomingObject,
  type Issue,
  type JsonObject,
  type LinkTarget,
  type ObjRef,
  type PlanRow,
  type ProjectLinks,
  type Reference,
} from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { bodyHash } from '../../../platform/hash.ts';
import { derivedId } from '../../../platform/ids.ts';
import type { ImportWorkInput } from '../import/import-work.ts';
import { PLAN_START, planTables } from '../import/plan.repository.ts';
import { staging } from '../import/staging.repository.ts';
import { parseLinkBody, type LinkBody } from './link-body.ts';
import { linkWrites, type LinkBodies, type LinkWrite } from './link-writes.repository.ts';

const CHUNK = 500;

export interface LinkPlan {
  readonly issues: readonly Issue[];
  readonly undoSuppressedBy: number;
}

/**
 * Decides for every user and group of a project security package which links it will have with the target project.
 * Users and groups themselves are never made here, and neither is anything that the links lead to: all of it must be
 * on the target. Decisions stand in `temp.decision`, the new definitions in a table beside it.
 */
export async function planLinks(tx: Executor<MetadataTables>, input: ImportWorkInput, now: string): Promise<LinkPlan> {
  const tables = planTables(tx, CONFIGURATION_SCOPE);
  const writes = linkWrites(tx);
  await tables.reset();
  await writes.reset();
  const planner = new LinkPlanner(input, now);
  const total = Math.max(1, await staging(tx).count());
  let planned = 0;
  for (let position = PLAN_START; ;) {
    const bodies = await writes.loadBodies(position, CHUNK);
    const { rows, end } = await tables.loadRows(position, Math.max(1, bodies.size));
    if (rows.length === 0) break;
    const principals = planner.read(rows, bodies);
    const targets = principals.flatMap((principal) => linkTargetsOf(principal.incoming));
    planner.learn('configuration', await writes.loadTypes(CONFIGURATION_SCOPE, idsAt(targets, 'configuration')));
    planner.learn('project', await writes.loadTypes(planner.projectId, idsAt(targets, 'project')));
    const decided = principals.map((principal) => planner.decide(principal));
    await tables.addDecisions(
      decided.map(({ decision }) => decision),
      rows,
    );
    await writes.add(decided.flatMap(({ write }) => write ?? []));
    position = end;
    planned += rows.length;
    input.onProgress(planned / total);
  }
  await tables.finish();
  return { issues: planner.issues, undoSuppressedBy: planner.undoSuppressedBy };
}

const idsAt = (targets: readonly LinkTarget[], level: LinkTarget['level']): string[] => [
  ...new Set(targets.filter((target) => target.level === level).map((target) => target.id)),
];

/** Users and groups share a type, but one never takes the place of the other. */
const isOtherKind = ({ type, subtype, absent }: IncomingObject, existing: ExistingObject): boolean =>
  existing.type !== type || (!absent && existing.subtype !== subtype);

/** A user or group of the package, and what the target has of it. */
interface Principal {
  readonly row: PlanRow;
  readonly bodies: LinkBodies;
  /** For the target project. */
  readonly incoming: ProjectLinks;
  readonly names: LinkBody['names'];
}

interface DecidedLinks {
  readonly decision: Decision;
  readonly write: LinkWrite | null;
}

class LinkPlanner {
  readonly projectId: string;
  readonly issues: Issue[] = [];
  undoSuppressedBy = 0;
  readonly #input: ImportWorkInput;
  readonly #sourceId: string;
  readonly #now: string;
  readonly #types = { configuration: new Map<string, number>(), project: new Map<string, number>() };

  constructor(input: ImportWorkInput, now: string) {
    const { order, manifest } = input;
    if (order.projectId === null || !manifest.project) {
      throw new AppError('invalid', 'A project security package needs a project on both sides.');
    }
    this.projectId = order.projectId;
    this.#sourceId = manifest.project.id;
    this.#input = input;
    this.#now = now;
  }

  /** @throws AppError `invalid` when the package holds something else than links with its project. */
  read(rows: readonly PlanRow[], bodies: ReadonlyMap<string, LinkBodies>): Principal[] {
    return rows.map((row) => {
      const { id, absent } = row.incoming;
      const found = bodies.get(id);
      if (!found) throw new Error(`The staged object ${id} has no body.`);
      const body = absent ? { links: {}, names: {} } : parseLinkBody(found.incoming, this.#sourceId);
      if (!body) {
        throw new AppError(
          'invalid',
          `The package file is damaged: object ${id} holds no links. Create the package again.`,
        );
      }
      return { row, bodies: found, incoming: linksForProject(body.links, this.projectId), names: body.names };
    });
  }

  learn(level: LinkTarget['level'], types: ReadonlyMap<string, number>): void {
    for (const [id, type] of types) this.#types[level].set(id, type);
  }

  decide(principal: Principal): DecidedLinks {
    const { incoming, existing } = principal.row;
    if (incoming.action === 'keep_both') this.undoSuppressedBy += 1;
    if (!existing) return this.#decideMissing(principal);
    if (isOtherKind(incoming, existing)) return this.#refuse(principal, existing);
    return this.#decidePresent(principal, existing);
  }

  #decideMissing(principal: Principal): DecidedLinks {
    const { incoming } = principal.row;
    if (incoming.action !== 'delete') {
      this.issues.push({ type: 'missing-principal', severity: 'blocking', object: refOf(incoming) });
    }
    const reason = 'The target does not have the user or group.';
    return { decision: { outcome: 'skip', ...baseOf(principal, reason), conflict: 'NEW' }, write: null };
  }

  #refuse(principal: Principal, existing: ExistingObject): DecidedLinks {
    const object = refOf(principal.row.incoming);
    this.issues.push({ type: 'type-mismatch', severity: 'blocking', object, existing: refOf(existing) });
    const base = baseOf(principal, 'The id belongs to an object of another type.');
    return { decision: { outcome: 'keep', ...base, conflict: 'DIFF' }, write: null };
  }

  #decidePresent(principal: Principal, existing: ExistingObject): DecidedLinks {
    const { action, dateModified } = principal.row.incoming;
    const definition = JSON.parse(principal.bodies.definition ?? '{}') as JsonObject;
    const before = linksForProject(projectLinksOf(definition, this.projectId), this.projectId);
    const missing = this.#missingTargets(principal);
    const verdict = decideLinks(action, {
      incoming: withoutFolders(principal.incoming, new Set(missing.map((target) => target.id))),
      existing: before,
      dates: { incoming: dateModified, existing: existing.dateModified },
    });
    const isTaken = verdict.links !== before && action !== 'delete';
    if (isTaken) for (const target of missing) this.#tell(principal, target);
    const conflict = hasLinks(before) ? 'DIFF' : 'NEW';
    if (isSameLinks(verdict.links, before)) {
      const reason = isTaken ? 'The target has the same links.' : verdict.reason;
      return { decision: { outcome: 'keep', ...baseOf(principal, reason), conflict }, write: null };
    }
    const decision = this.#replaceDecision(principal, existing, verdict.reason);
    return { decision, write: writeOf(principal, withProjectLinks(definition, this.projectId, verdict.links)) };
  }

  #replaceDecision(principal: Principal, existing: ExistingObject, reason: string): Decision {
    return {
      outcome: 'replace',
      ...baseOf(principal, reason),
      conflict: 'DIFF',
      name: existing.name,
      parentId: existing.parentId,
      ownerId: existing.ownerId,
      aclId: existing.aclId,
      version: derivedId(`${this.#input.order.importId} links-version:${existing.id}`),
      dateCreated: existing.dateCreated,
      dateModified: this.#now,
      moved: false,
    };
  }

  #missingTargets({ incoming }: Principal): LinkTarget[] {
    return linkTargetsOf(incoming).filter(({ id, type, level }) => {
      const found = this.#types[level].get(id);
      return found === undefined || (type !== null && found !== type);
    });
  }

  #tell({ row, names }: Principal, { id, type, required }: LinkTarget): void {
    const about = { object: refOf(row.incoming), missing: { id, type, name: names[id] ?? '' } };
    this.issues.push(
      required
        ? { type: 'missing-link-target', severity: 'blocking', ...about }
        : { type: 'link-left-out', severity: 'warning', ...about },
    );
  }
}

const refOf = ({ id, type, name }: ObjRef): ObjRef => ({ id, type, name });

function baseOf({ row: { incoming } }: Principal, reason: string) {
  const { id, type, action } = incoming;
  return { id, type, action, role: 'content', reason } as const;
}

function writeOf({ row, bodies }: Principal, definition: JsonObject): LinkWrite {
  const { id, type } = row.incoming;
  const text = canonicalJson(definition);
  const uses = JSON.parse(bodies.uses ?? '[]') as Reference[];
  return {
    id,
    definition: text,
    bodyHash: bodyHash(text, bodies.translations ?? '{}', bodies.uses ?? '[]'),
    references: referencesOf({ id, type, definition, uses }),
  };
}
