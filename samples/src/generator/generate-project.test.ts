import { canonicalJson, isPredefinedFolder, isWireDate, referencesOf, WELL_KNOWN } from '@longshore/domain';
import type { AclEntry, JsonObject, Reference } from '@longshore/domain';
import { assert as assertProperty, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateProject, projectIdOf } from './generate-project.ts';

interface ObjectLine {
  readonly id: string;
  readonly projectId: string;
  readonly type: number;
  readonly name: string;
  readonly parentId: string;
  readonly version: string;
  readonly dateCreated: string;
  readonly dateModified: string;
  readonly acl: readonly AclEntry[];
  readonly definition: JsonObject;
  readonly uses: readonly Reference[];
}

const objectsOf = (plan: Parameters<typeof generateProject>[0]): ObjectLine[] =>
  [...generateProject(plan)].slice(1).map((line): ObjectLine => JSON.parse(line));

const plans = record({ objects: integer({ min: 1, max: 1200 }), seed: integer({ min: 0, max: 2 ** 31 - 1 }) });

/** The longest chain of needs. */
const depthOf = (count: number): number => {
  const depths = new Map<string, number>();
  for (const object of objectsOf({ objects: count, seed: 5 })) {
    const below = referencesOf(object).map(({ id }) => depths.get(id) ?? 0);
    depths.set(object.id, 1 + Math.max(0, ...below));
  }
  return Math.max(...depths.values());
};

/** What no variant changes. */
const fixed = ({ id, type, name, parentId, acl, dateCreated }: ObjectLine) => [
  id,
  type,
  name,
  parentId,
  acl,
  dateCreated,
];

describe('generateProject', () => {
  it('gives the project and as many objects as asked for, every line as a dump has it', () => {
    assertProperty(
      property(plans, (plan) => {
        const lines = [...generateProject(plan)];
        expect(lines).toHaveLength(plan.objects + 1);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({ kind: 'project', id: projectIdOf(plan.seed) });
        for (const line of lines) expect(canonicalJson(JSON.parse(line))).toBe(line);
      }),
      { numRuns: 25 },
    );
  });

  it('needs, and stands in, only what came before, under ids that occur once', () => {
    assertProperty(
      property(plans, (plan) => {
        const typeById = new Map<string, number>();
        for (const object of objectsOf(plan)) {
          expect(typeById.has(object.id)).toBe(false);
          expect(isPredefinedFolder(object.parentId) || typeById.get(object.parentId) === 8).toBe(true);
          for (const { id, type } of referencesOf(object)) expect(typeById.get(id)).toBe(type);
          typeById.set(object.id, object.type);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('gives the same lines for the same plan, and other ids for another seed', () => {
    assertProperty(
      property(plans, (plan) => {
        expect([...generateProject(plan)]).toEqual([...generateProject(plan)]);
        const ids = new Set(objectsOf(plan).map((object) => object.id));
        for (const object of objectsOf({ ...plan, seed: plan.seed + 1 })) expect(ids.has(object.id)).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  it('gives a variant the same ids, places and references, and every object another version', () => {
    const base = objectsOf({ objects: 1000, seed: 7 });
    const other = objectsOf({ objects: 1000, seed: 7, variant: 1 });
    for (const [index, object] of base.entries()) {
      const changed = other[index];
      if (changed === undefined) throw new Error('the variant is shorter');
      expect(fixed(changed)).toEqual(fixed(object));
      expect(referencesOf(changed)).toEqual(referencesOf(object));
      expect(changed.version).not.toBe(object.version);
      expect(changed.dateModified > object.dateModified).toBe(true);
      if (object.type !== 8) expect(canonicalJson(changed.definition)).not.toBe(canonicalJson(object.definition));
    }
  });

  it('makes pairs of attributes that need each other when asked to, and stays whole', () => {
    const objects = objectsOf({ objects: 1500, seed: 3, relationships: 'pairs' });
    const byId = new Map(objects.map((object) => [object.id, object]));
    let mutual = 0;
    for (const object of objects) {
      for (const { id } of referencesOf(object)) {
        const target = byId.get(id);
        expect(target, `${object.name} needs ${id}`).toBeDefined();
        if (target !== undefined && referencesOf(target).some((back) => back.id === object.id)) mutual += 1;
      }
    }
    expect(mutual).toBeGreaterThan(100);
  });

  it('has the mix of a real project: about three references, one ACL entry and 1 KB of definition each', () => {
    const objects = objectsOf({ objects: 6000, seed: 1 });
    const mean = (numberOf: (object: ObjectLine) => number): number =>
      objects.reduce((sum, object) => sum + numberOf(object), 0) / objects.length;
    expect(mean((object) => referencesOf(object).length)).toBeCloseTo(3, 0);
    expect(mean((object) => object.acl.length)).toBeCloseTo(1, 0);
    expect(mean((object) => JSON.stringify(object.definition).length)).toBeGreaterThan(900);
    const types = new Set(objects.map((object) => object.type));
    expect([...types].toSorted((a, b) => a - b)).toEqual([1, 3, 4, 7, 8, 10, 12, 13, 15, 26, 55]);
    const principals: readonly string[] = [WELL_KNOWN.everyone, WELL_KNOWN.administrator];
    for (const object of objects) {
      expect(isWireDate(object.dateCreated) && isWireDate(object.dateModified)).toBe(true);
      expect(object.acl.every((entry) => principals.includes(entry.trusteeId))).toBe(true);
    }
  });

  it('needs deeper chains in a larger project', () => {
    const [small, large] = [depthOf(300), depthOf(12_000)];
    expect(small).toBeGreaterThan(5);
    expect(large).toBeGreaterThan(small);
    expect(large).toBeLessThan(30);
  });

  it('keeps the project id and name it is given', () => {
    const projectId = 'B7CA92F04B9FAE8D941C3E9B7E0CD754';
    const [project, ...rest] = [...generateProject({ objects: 20, seed: 2, projectId, name: 'Load test' })];
    expect(JSON.parse(project ?? '')).toMatchObject({ id: projectId, name: 'Load test' });
    expect(rest.every((line) => line.includes(`"projectId":"${projectId}"`))).toBe(true);
  });

  it.each([0, -1, 1.5, 2 ** 32])('refuses %s objects', (objects) => {
    expect(() => [...generateProject({ objects, seed: 1 })]).toThrow(RangeError);
  });
});
