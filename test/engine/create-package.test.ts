import { describe, expect, it } from 'vitest';
import { RIGHTS, WELL_KNOWN } from '@longshore/domain';
import { readPackage } from '@longshore/package-file';
import { STORE_FOLDERS, parseStorePath } from '../../packages/server/src/platform/files/store-path.ts';
import { anEnvironmentPair, anObject, aUser, idOf, type EngineEnvironment, type MadePackage } from './environment.ts';

const YEAR = idOf('YEAR');
const TABLE = idOf('TABLE');
const FOLDER = idOf('FOLDER');
const INNER = idOf('INNER');
const ANN = idOf('ANN');

const year = (fields = {}) =>
  anObject({ id: YEAR, type: 12, name: 'Year', definition: { needs: [{ objectId: TABLE }] }, ...fields });
const table = (fields = {}) => anObject({ id: TABLE, type: 15, name: 'LU_YEAR', ...fields });
const HIDDEN_FROM_ALL = [{ trusteeId: WELL_KNOWN.administrator, rights: 255, deny: false, inheritable: false }];
const ONLY_LISTED = [
  ...HIDDEN_FROM_ALL,
  { trusteeId: WELL_KNOWN.everyone, rights: RIGHTS.browse, deny: false, inheritable: false },
];
/** May make packages, but sees only what access control lists let her see. */
const ann = { id: ANN, name: 'Ann', principalIds: [ANN, WELL_KNOWN.everyone], bypassesSecurity: false };

const packageFiles = async (environment: EngineEnvironment): Promise<string[]> =>
  (await Array.fromAsync(environment.files.list(STORE_FOLDERS.packages))).map((file) => file.path);

async function headersOf(environment: EngineEnvironment, made: MadePackage): Promise<Record<string, unknown>[]> {
  const { stream } = await environment.files.openRead(parseStorePath(made.storagePath));
  const file = await readPackage(stream);
  const headers: Record<string, unknown>[] = [];
  for await (const batch of file.batches()) {
    headers.push(...batch.map((lines) => JSON.parse(lines.header) as Record<string, unknown>));
  }
  return headers;
}

describe('what a package holds', () => {
  it('is the listed object, what it needs at any distance, and the folders above, each once', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    const column = idOf('COLUMN');
    await source.put(
      anObject({ id: FOLDER, type: 8, name: 'Time' }),
      year({ parentId: FOLDER }),
      table({ definition: { needs: [{ objectId: column }, { objectId: YEAR }] } }),
      anObject({ id: column, type: 26, name: 'YEAR_ID' }),
    );
    const made = await source.create({ content: [{ id: YEAR, type: 12, includeDependents: true }] });
    expect((await headersOf(source, made)).map((header) => [header['name'], header['role']])).toEqual([
      ['MicroStrategy Tutorial', 'ancestor'],
      ['Public Objects', 'ancestor'],
      ['Time', 'ancestor'],
      ['Year', 'content'],
      ['LU_YEAR', 'dependent'],
      ['YEAR_ID', 'dependent'],
    ]);
  });

  it('has the server compute name, version, dates and level, whatever the caller claims', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    await source.put(table());
    const made = await source.create({
      content: [{ id: TABLE, type: 15, name: 'another name', version: idOf('another version') }],
      settings: { defaultAction: 'use_newer' },
    });
    expect(made.result.content).toEqual([
      {
        id: TABLE,
        name: 'LU_YEAR',
        type: 15,
        version: idOf('V1'),
        owner: { id: WELL_KNOWN.administrator },
        dateCreated: '2020-01-01T00:00:00.000+0000',
        dateModified: '2020-01-01T00:00:00.000+0000',
        action: 'use_newer',
        includeDependents: false,
        explicitIncluded: true,
        level: 'project_object',
      },
    ]);
  });

  it('takes the contents of a listed folder along, under the rule of the folder', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    await source.put(
      anObject({ id: FOLDER, type: 8, name: 'Time' }),
      anObject({ id: INNER, type: 8, name: 'Years', parentId: FOLDER }),
      table({ parentId: INNER }),
    );
    const made = await source.create({ content: [{ id: FOLDER, type: 8, action: 'force_replace' }] });
    expect(made.result.content.map((entry) => [entry.name, entry.action, entry.explicitIncluded])).toEqual([
      ['Time', 'force_replace', true],
      ['Years', 'force_replace', false],
      ['LU_YEAR', 'force_replace', false],
    ]);
  });

  it('does not carry what every environment has by itself', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    const system = idOf('SYSTEM');
    await source.put(
      anObject({ id: system, type: 4, subtype: 1026, name: 'Total' }),
      table({ definition: { needs: [{ objectId: system }] } }),
    );
    const made = await source.create({ content: [{ id: TABLE, type: 15, includeDependents: true }] });
    expect(made.result.content.map((entry) => entry.name)).toEqual(['LU_YEAR']);
    expect(made.result.warnings).toEqual([]);
  });
});

describe('a package that cannot be made', () => {
  it('names every object that is gone or has another type, and leaves no file', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    await source.put(table());
    const create = source.create({
      content: [
        { id: YEAR, type: 12, name: 'Year' },
        { id: TABLE, type: 12, name: 'LU_YEAR' },
      ],
    });
    await expect(create).rejects.toThrow(new RegExp(`Year.*${YEAR}.*no longer exists.*LU_YEAR.*has type 15`));
    expect(await packageFiles(source)).toEqual([]);
  });

  it('names a listed object that the caller may not read', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    await source.put(table({ acl: ONLY_LISTED }), aUser({ id: ANN, name: 'Ann', abbreviation: 'ann' }));
    const create = source.create({ content: [{ id: TABLE, type: 15 }], caller: ann });
    await expect(create).rejects.toThrow(/may not read object 'LU_YEAR'/);
    await source.put(table({ acl: HIDDEN_FROM_ALL }));
    const hidden: unknown = await source.create({ content: [{ id: TABLE, type: 15 }], caller: ann }).catch((e) => e);
    expect(String(hidden)).toContain(`you may not read object (type 15, id ${TABLE})`);
    expect(String(hidden)).not.toContain('LU_YEAR');
    await expect(source.create({ content: [{ id: TABLE, type: 15 }] })).resolves.toBeDefined();
  });

  it('leaves out a needed object that the caller may not read, and warns', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    const named = {
      [`'LU_YEAR' (type 15, id ${TABLE})`]: ONLY_LISTED,
      [`with type 15, id ${TABLE}`]: HIDDEN_FROM_ALL,
    };
    for (const [label, acl] of Object.entries(named)) {
      await source.put(year(), table({ acl }));
      const made = await source.create({ content: [{ id: YEAR, type: 12, includeDependents: true }], caller: ann });
      expect(made.result.content.map((entry) => entry.name)).toEqual(['Year']);
      expect(made.result.warnings).toEqual([
        { message: expect.stringContaining(`${label} was left out because you may not read it`), bannedObjectCount: 1 },
      ]);
    }
  });

  it('is larger than the limit: nothing of it stays', async () => {
    await using pair = await anEnvironmentPair();
    const { source } = pair;
    await source.put(table({ definition: { text: Buffer.alloc(50_000, 7).toString('hex') } }));
    const create = source.create({ content: [{ id: TABLE, type: 15 }], maxBytes: 500 });
    await expect(create).rejects.toMatchObject({ kind: 'tooLarge', message: expect.stringContaining('500') });
    expect(await packageFiles(source)).toEqual([]);
  });
});
