import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MERGE_ACTIONS, TRANSLATION_ACTIONS, WELL_KNOWN, type MetadataObject } from '@longshore/domain';
import type { MergeOptions } from '../../packages/server/src/features/migrations/migration-jobs.ts';
import { anEnvironmentPair, anObject, idOf, type EngineEnvironment, type MadePackage } from './environment.ts';
import { stateOf } from './outcomes.ts';

const NAME = '1:0:';
const [SALES, NORTH] = ['SALES', 'NORTH'].map(idOf) as [string, string];
const [YEAR, PROFIT, REPORT] = ['YEAR', 'PROFIT', 'REPORT'].map(idOf) as [string, string, string];
const newer = { version: idOf('V2'), dateModified: '2021-01-01T00:00:00.000+0000' };

const folder = (id: string, fields = {}) => anObject({ id, type: 8, name: `Folder ${id.slice(0, 4)}`, ...fields });
const year = (fields = {}) => anObject({ id: YEAR, type: 12, name: 'Year', ...fields });
const profit = (fields = {}) =>
  anObject({ id: PROFIT, type: 4, name: 'Profit', parentId: SALES, definition: { of: { objectId: YEAR } }, ...fields });

const NO_RULES: MergeOptions = {
  validateDependencies: true,
  translationAction: 'use_existing',
  objectTypeActions: [],
  folderActions: [],
  objectActions: [],
};

const merge = (
  source: EngineEnvironment,
  options: Partial<MergeOptions> = {},
  settings: { defaultAction?: 'use_existing' | 'replace' | 'keep_both' } = {},
): Promise<MadePackage> =>
  source.create({ content: [], settings: { ...settings, merge: { ...NO_RULES, ...options } } });

/** Dump lines as the target is to have them: a folder that holds something has a version and time of its own. */
function comparable(lines: readonly string[]): object[] {
  return lines.map((line) => {
    const object = JSON.parse(line) as MetadataObject;
    return object.type === 8 ? { ...object, version: '', dateModified: '' } : object;
  });
}

describe('a merge of a project', () => {
  it('into an empty one makes it equal, and its undo restores every byte', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const thresholds = anObject({ id: idOf('THRESHOLD'), type: 72, name: 'Thresholds' });
    const system = anObject({ id: idOf('TOTAL'), type: 4, subtype: 1026, name: 'Total' });
    await source.put(folder(SALES), folder(NORTH, { parentId: SALES }), folder(idOf('EMPTY'), { parentId: NORTH }));
    await source.put(year({ translations: { [NAME]: { '1031': 'Jahr' } } }), profit(), thresholds, system);
    await source.put(
      anObject({
        id: REPORT,
        type: 3,
        parentId: NORTH,
        definition: { of: [{ objectId: PROFIT }, { objectId: thresholds.id }, { objectId: system.id }] },
      }),
    );
    const before = await stateOf(target);
    const made = await merge(source);
    expect(made.result).toMatchObject({ content: [], warnings: [] });
    const imported = await target.import(made);
    expect(imported).toMatchObject({ message: '', counts: { create: 8, keep: 2 } });
    expect(comparable(await target.dump())).toEqual(comparable(await source.dump()));
    expect(await target.references()).toEqual(await source.references());
    await target.undo(made, imported.importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('writes nothing the second time, and never deletes what only the target has', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(SALES), year(newer), profit());
    await target.put(anObject({ id: idOf('OWN'), type: 4, name: 'Own' }), year());
    const made = await merge(source, {}, { defaultAction: 'replace' });
    expect((await target.import(made)).counts).toMatchObject({ create: 2, replace: 1 });
    const after = await stateOf(target);
    expect(Object.keys((await target.import(made)).counts)).toEqual(['keep']);
    expect(await stateOf(target)).toEqual(after);
    expect(await target.find(idOf('OWN'))).toBeDefined();
  });

  it('is validated with the outcome that the import then has, and changes nothing', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(folder(SALES), year({ ...newer, translations: { [NAME]: { '1031': 'Jahr' } } }), profit());
    await target.put(year());
    const before = await stateOf(target);
    const made = await merge(source, { translationAction: 'force_replace' }, { defaultAction: 'replace' });
    const { counts } = await target.validate(made);
    expect(await stateOf(target)).toEqual(before);
    expect((await target.import(made)).counts).toEqual(counts);
  });

  it('gives each object the strongest rule that is for it', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const objects = (fields = {}) => [
      year(fields),
      profit({ definition: {}, ...fields }),
      anObject({ id: idOf('DEEP'), type: 4, parentId: NORTH, ...fields }),
      anObject({ id: idOf('SUB'), type: 1, subtype: 257, ...fields }),
      anObject({ id: idOf('TYPE'), type: 1, subtype: 256, ...fields }),
      anObject({ id: idOf('OTHER'), type: 10, subtype: 2561, ...fields }),
    ];
    const folders = [folder(SALES), folder(NORTH, { parentId: SALES })];
    await source.put(...folders, ...objects(newer));
    await target.put(...folders, ...objects());
    const made = await merge(source, {
      objectActions: [{ id: YEAR, action: 'replace' }],
      folderActions: [
        { id: SALES, action: 'replace' },
        { id: NORTH, action: 'use_existing' },
      ],
      objectTypeActions: [
        { type: 1, action: 'use_existing' },
        { type: 257, action: 'replace' },
        { type: 4, action: 'use_existing' },
        { type: 12, action: 'use_existing' },
        { type: 10, action: 'replace' },
        { type: 10, action: 'use_older' },
      ],
    });
    await target.import(made);
    const versions = await Promise.all(
      [YEAR, PROFIT, idOf('DEEP'), idOf('SUB'), idOf('TYPE'), idOf('OTHER')].map(
        async (id) => (await target.find(id))?.version,
      ),
    );
    const [old, replaced] = [idOf('V1'), idOf('V2')];
    expect(versions).toEqual([replaced, replaced, old, replaced, old, old]);
  });

  it('warns of rules for what is not there, and of needs that lead nowhere', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(folder(SALES), profit(), anObject({ id: REPORT, type: 3 }));
    const { result } = await merge(pair.source, {
      objectActions: [{ id: idOf('NOBODY'), action: 'replace' }],
      folderActions: [{ id: REPORT, action: 'replace' }],
    });
    const messages = result.warnings.map((warning) => warning.message).join('\n');
    expect(messages).toContain(idOf('NOBODY'));
    expect(messages).toContain(REPORT);
    expect(messages).toMatch(new RegExp(`${YEAR}.*the target must have it`));
  });

  it('into another project of another id needs nothing but that project', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    const other = idOf('OTHERPROJECT');
    await source.metadata.write(async (tx) => {
      const row = await tx.selectFrom('project').selectAll().executeTakeFirstOrThrow();
      await tx
        .insertInto('project')
        .values({ ...row, id: other, name: 'Copy' })
        .execute();
    });
    await source.put(folder(SALES), year(), profit());
    const before = await stateOf(source);
    const made = await merge(source);
    const { importId, counts } = await source.import(made, { projectId: other });
    expect(counts).toEqual({ create: 5 });
    expect((await source.find(PROFIT, other))?.body_hash).toBe((await source.find(PROFIT))?.body_hash);
    await source.undo(made, importId, { projectId: other });
    expect(await stateOf(source)).toEqual(before);
  });
});

describe('validateDependencies', () => {
  it('true stops the merge where something is missing', async () => {
    await using pair = await anEnvironmentPair();
    await pair.source.put(folder(SALES), profit());
    const made = await merge(pair.source);
    const before = await stateOf(pair.target);
    await expect(pair.target.import(made)).rejects.toThrow(new RegExp(`Profit[^]*${YEAR}`));
    expect(await stateOf(pair.target)).toEqual(before);
  });

  it('false lets it go on and names every missing object, with who needs it', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    const users = Array.from({ length: 3 }, (_, n) =>
      anObject({ id: idOf(`USER${n}`), type: 4, name: `User ${n}`, definition: { of: { objectId: idOf('GONE') } } }),
    );
    await source.put(folder(SALES), profit(), ...users);
    const before = await stateOf(target);
    const made = await merge(source, { validateDependencies: false });
    const imported = await target.import(made);
    expect(imported.message).toContain(
      `object ${idOf('GONE')} is not on the target, but 3 objects, such as the metric`,
    );
    expect(imported.message).toMatch(
      new RegExp(`${YEAR} is not on the target, but 1 object, such as the metric 'Profit'`),
    );
    await target.undo(made, imported.importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('false counts what it does not name', async () => {
    await using pair = await anEnvironmentPair();
    const definition = { of: Array.from({ length: 205 }, (_, n) => ({ objectId: idOf(`GONE${n}`) })) };
    await pair.source.put(year({ definition }));
    const made = await merge(pair.source, { validateDependencies: false });
    const { message } = await pair.target.import(made);
    expect(message.split('\n')).toHaveLength(201);
    expect(message).toContain('5 more objects are needed but not on the target.');
  });

  it('leaves a need that an undo opens again, of an object that the merge does not touch', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await target.put(folder(SALES), profit());
    await source.put(year());
    const before = await stateOf(target);
    const made = await merge(source);
    const { importId } = await target.import(made);
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('leaves a folder missing that was missing before, for an object that the merge replaces', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await target.put(year({ parentId: SALES }), anObject({ id: REPORT, type: 3, parentId: SALES }));
    await source.put(folder(SALES), year({ ...newer, parentId: SALES }));
    const before = await stateOf(target);
    const made = await merge(source, {}, { defaultAction: 'replace' });
    const { importId } = await target.import(made);
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
  });

  it('leaves a need that an undo opens again, of an object that the merge replaces', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await target.put(folder(SALES), profit());
    await source.put(folder(SALES), year(), profit({ ...newer, definition: {} }));
    const before = await stateOf(target);
    const made = await merge(source, {}, { defaultAction: 'replace' });
    const { importId, counts } = await target.import(made);
    expect(counts).toMatchObject({ create: 1, replace: 1 });
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
  });
});

describe('translationAction', () => {
  const texts = (...pairs: readonly (readonly [string, string])[]) => ({
    translations: { [NAME]: Object.fromEntries(pairs) },
  });
  const incoming = texts(['1031', 'Quelle'], ['3082', 'Fuente']);
  const existing = texts(['1031', 'Ziel'], ['1036', 'Cible']);

  const mergedTexts = async (translationAction: MergeOptions['translationAction'], fields: object) => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year({ ...fields, ...incoming }));
    await target.put(year({ ...existing, definition: { local: true } }));
    const before = await stateOf(target);
    const made = await merge(source, { translationAction }, { defaultAction: 'replace' });
    const { importId, counts } = await target.import(made);
    const line = (await target.dump()).find((text) => text.includes('"name":"Year"')) ?? '{}';
    const after = JSON.parse(line) as MetadataObject;
    const second = await target.import(made);
    await target.undo(made, importId);
    expect(await stateOf(target)).toEqual(before);
    return { counts, second: second.counts, after };
  };

  it.each([
    ['not_merged', { '1031': 'Ziel', '1036': 'Cible' }],
    ['use_existing', { '1031': 'Ziel', '1036': 'Cible', '3082': 'Fuente' }],
    ['existing', { '1031': 'Ziel', '1036': 'Cible', '3082': 'Fuente' }],
    ['replace', { '1031': 'Quelle', '1036': 'Cible', '3082': 'Fuente' }],
    ['force_replace', { '1031': 'Quelle', '1036': 'Cible', '3082': 'Fuente' }],
  ] as const)('%s, for an object that is replaced', async (action, name) => {
    const { counts, second, after } = await mergedTexts(action, newer);
    expect(counts).toEqual({ keep: 2, replace: 1 });
    expect(second).toEqual({ keep: 3 });
    expect(after).toMatchObject({ version: idOf('V2'), definition: { information: {} } });
    expect(after.translations).toEqual({ [NAME]: name });
  });

  it.each(['not_merged', 'use_existing', 'replace'] as const)('%s leaves an identical object alone', async (action) => {
    const { counts, after } = await mergedTexts(action, {});
    expect(counts).toEqual({ keep: 3 });
    expect(after.translations).toEqual(existing.translations);
  });

  it('force_replace writes the texts of an identical object, and nothing else of it', async () => {
    const { counts, second, after } = await mergedTexts('force_replace', {});
    expect(counts).toEqual({ keep: 2, update_translations: 1 });
    expect(second).toEqual({ keep: 3 });
    expect(after).toMatchObject({ version: idOf('V1'), definition: { local: true } });
    expect(after.translations).toEqual({ [NAME]: { '1031': 'Quelle', '1036': 'Cible', '3082': 'Fuente' } });
  });

  it('gives a new object and a copy all texts of the package', async () => {
    await using pair = await anEnvironmentPair();
    const { source, target } = pair;
    await source.put(year({ ...newer, ...incoming }), anObject({ id: PROFIT, type: 4, ...incoming }));
    await target.put(year(existing));
    await target.import(await merge(source, { translationAction: 'not_merged' }, { defaultAction: 'keep_both' }));
    const written = (await target.dump()).map((line) => JSON.parse(line) as MetadataObject);
    const found = written.filter((object) => object.name === 'Year (1)' || object.id === PROFIT);
    expect(found.map((object) => object.translations)).toEqual([incoming.translations, incoming.translations]);
  });
});

describe('for any two projects', () => {
  const cell = fc.record({
    version: fc.constantFrom('V1', 'V2'),
    inFolder: fc.boolean(),
    texts: fc.dictionary(fc.constantFrom('1031', '1036'), fc.constantFrom('a', 'b')),
    action: fc.constantFrom(...MERGE_ACTIONS),
  });
  const project = fc.array(fc.option(cell), { minLength: 4, maxLength: 4 });
  type Project = typeof project extends fc.Arbitrary<infer P> ? P : never;
  const cellId = (at: number) => idOf(`CELL${at}`);

  const objectsOf = (cells: Project): MetadataObject[] => [
    folder(SALES, { translations: { [NAME]: cells[0]?.texts ?? {} }, version: idOf(cells[1]?.version ?? 'V1') }),
    ...cells.flatMap((one, at) =>
      one === null
        ? []
        : anObject({
            id: cellId(at),
            type: 4,
            name: `Cell ${at % 3}`,
            parentId: one.inFolder ? SALES : WELL_KNOWN.publicObjects,
            version: idOf(one.version),
            translations: { [NAME]: one.texts },
            definition: { of: [{ objectId: cellId((at + 1) % 4) }] },
          }),
    ),
  ];

  it('a merge writes hashes that fit, settles at once, and is undone to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        project,
        project,
        fc.constantFrom(...TRANSLATION_ACTIONS),
        fc.constantFrom('replace' as const, 'use_existing' as const),
        async (dev, prod, translationAction, defaultAction) => {
          await using pair = await anEnvironmentPair();
          const { source, target } = pair;
          await source.put(...objectsOf(dev));
          await target.put(...objectsOf(prod));
          const before = await stateOf(target);
          const objectActions = dev.flatMap((one, at) =>
            one === null || one.action === 'keep_both' ? [] : [{ id: cellId(at), action: one.action }],
          );
          const options = { translationAction, objectActions, validateDependencies: false };
          const made = await merge(source, options, { defaultAction });
          const { importId } = await target.import(made);
          const after = await stateOf(target);
          await expect(target.findWrongHashes()).resolves.toEqual([]);
          if (!objectActions.some((rule) => rule.action === 'force_replace')) {
            expect(Object.keys((await target.import(made)).counts)).toEqual(['keep']);
            expect(await stateOf(target)).toEqual(after);
          }
          await target.undo(made, importId);
          expect(await stateOf(target)).toEqual(before);
        },
      ),
      { numRuns: 40, seed: 20260105 },
    );
  });
});
