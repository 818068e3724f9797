import * as fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WELL_KNOWN } from '@longshore/domain';
import { aTable, expectStatus, FOLDER, linkTo, ModelingServer, type ShownModel } from '../builders/modeling-server.ts';

/** One server for all: every request here is refused, or makes objects under names of its own. */
let server: ModelingServer;
let table: ShownModel;
let filter: ShownModel;
beforeAll(async () => {
  server = await ModelingServer.start();
  table = await server.createTable('LU_CITY', 'CITY_ID');
  filter = await server.create('filters', { information: { name: 'Recent' }, qualification: { text: 'x' } });
});
afterAll(async () => server.close());

const UNKNOWN = 'AB'.repeat(16);

interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly ticketId: string;
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly additionalProperties: object;
  }[];
}

const errorOf = (response: LightMyRequestResponse): ErrorBody => response.json<ErrorBody>();

/** Sends a request that must be refused, and must leave everything as it was. */
async function refusal(...request: Parameters<ModelingServer['call']>): Promise<LightMyRequestResponse> {
  const before = await server.dump();
  const response = await server.call(...request);
  expect(await server.dump()).toBe(before);
  return response;
}

const named = (name: string, more: object = {}) => ({ information: { name }, ...more });
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

type Refused = readonly [
  what: string,
  resource: string,
  body: object | string | undefined,
  message: RegExp,
  code?: string,
];

const BODIES: readonly Refused[] = [
  ['no name', 'filters', {}, /information\.name is required/, 'ERR005'],
  ['a name of nothing', 'filters', named('  '), /information\.name must have 1 to 250/],
  ['a name that is too long', 'filters', named('x'.repeat(251)), /information\.name must have 1 to 250/],
  ['a name that is no text', 'filters', { information: { name: 5 } }, /information\.name/],
  [
    'no subtype where there is no usual one',
    'prompts',
    named('P'),
    /information\.subType is required: prompt,/,
    'ERR005',
  ],
  [
    'an unknown subtype',
    'prompts',
    { information: { name: 'P', subType: 'prompt_riddle' } },
    /prompt_riddle must be one of/,
  ],
  ['a subtype of another resource', 'filters', { information: { name: 'P', subType: 'custom_group' } }, /custom_group/],
  [
    'a folder that is no id',
    'filters',
    { information: { name: 'P', destinationFolderId: 'here' } },
    /destinationFolderId here/,
  ],
  [
    'a folder that is not there',
    'filters',
    { information: { name: 'P', destinationFolderId: UNKNOWN } },
    /information\.destinationFolderId (AB){16}: there is no such object/,
  ],
  ['a name that is taken', 'filters', named('RECENT'), /'Recent' .* is in this folder already/, 'ERR015'],
  [
    'a reference to nothing',
    'metrics',
    named('M', { expression: { tokens: [{ value: 'x' }, { target: { objectId: UNKNOWN } }] } }),
    /expression\.tokens\[1\]\.target\.objectId (AB){16}: there is no such object/,
  ],
  ['columns without names', 'tables', { ...named('T'), physicalTable: { columns: [{}] } }, /columns: \{\} has neither/],
  [
    'columns that are none',
    'tables',
    { ...named('T'), physicalTable: { columns: [5] } },
    /columns\[0\] must be an object/,
  ],
  [
    'a physical table that is not there',
    'tables',
    named('T', { physicalTable: { information: { objectId: UNKNOWN } } }),
    /physicalTable\.information\.objectId/,
  ],
  [
    'a body that is too deep',
    'filters',
    `{"information":{"name":"Deep"},"a":${nested(600)}}`,
    /nested deeper than 500/,
  ],
  [
    'a body that is very deep',
    'filters',
    `{"information":{"name":"Deep"},"a":${nested(100_000)}}`,
    /nested deeper than 500/,
  ],
  ['a list', 'filters', [], /body must be object/],
  ['nothing', 'filters', undefined, /body must be object/],
  ['no JSON', 'filters', '{"information":', /Invalid JSON body/],
];

const CASES = BODIES.map(([what, resource, body, message, code = 'ERR006']) => ({
  what,
  resource,
  body,
  message,
  code,
}));

describe('a new object is refused', () => {
  it.each(CASES)('for $what', async ({ resource, body, message, code }) => {
    const response = await refusal(`POST /model/${resource}`, {
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    expect([response.statusCode, errorOf(response).code]).toEqual([400, code]);
    expect(errorOf(response).message).toMatch(message);
  });

  it('for a folder that is none, and for a reference to an object of another type', async () => {
    const inTable = { information: { name: 'P', destinationFolderId: table.information.objectId } };
    expect(errorOf(await refusal('POST /model/filters', { body: inTable })).message).toMatch(/'LU_CITY' is no folder/);

    const body = named('M', { filter: { objectId: table.information.objectId, subType: 'filter' } });
    const response = await refusal('POST /model/metrics', { body });
    expect(errorOf(response).message).toMatch(/filter\.objectId .*: the object is a Table, not a Filter/);
  });

  it('for a body that is too large, while it streams', async () => {
    const body = JSON.stringify(named('Large', { text: 'x'.repeat(16 * 1024 * 1024) }));
    const response = await refusal('POST /model/filters', { body, headers: { 'content-type': 'application/json' } });
    expect(response.statusCode).toBe(413);
    await server.create('filters', named('Large enough', { text: 'x'.repeat(2 * 1024 * 1024) }));
  });
});

describe('a change is refused', () => {
  const change = (body: object, options: object = {}) =>
    refusal(`PATCH /model/filters/${filter.information.objectId}`, { body, ...options });

  it('for another id or subtype', async () => {
    expect(errorOf(await change({ information: { objectId: UNKNOWN } })).message).toMatch(/objectId/);
    expect(errorOf(await change({ information: { subType: 'filter_global' } })).message).toMatch(/stays one/);
    expectStatus(await change({ information: { objectId: filter.information.objectId, subType: 'filter' } }), 200);
  });

  it('for new references to nothing, but not for those that are broken already', async () => {
    const used = await server.create('filters', named('Used'));
    const user = await server.create('filters', named('User', { filter: linkTo(used) }));
    await server.platform.metadata.write((tx) =>
      tx.deleteFrom('object').where('id', '=', used.information.objectId).execute(),
    );
    const url = `PATCH /model/filters/${user.information.objectId}`;
    expectStatus(await server.call(url, { body: { text: 'mended', filter: linkTo(used) } }), 200);
    expect((await refusal(url, { body: { other: { objectId: UNKNOWN } } })).statusCode).toBe(400);
  });

  it('for system objects', async () => {
    const subtotal = await server.create('subtotals', { information: { name: 'Total', subType: 'system_subtotal' } });
    const response = await refusal(`PUT /model/subtotals/${subtotal.information.objectId}`, { body: named('Sum') });
    expect([response.statusCode, errorOf(response).message]).toEqual([400, expect.stringContaining('system object')]);
  });

  it('for relationships that are not of the attribute', async () => {
    const attribute = await server.create('attributes', named('City'));
    const url = `PUT /model/systemHierarchy/attributes/${attribute.information.objectId}/relationships`;
    const wrong = [
      {},
      { parent: linkTo(attribute) },
      { parent: { objectId: UNKNOWN }, child: { objectId: 'CD'.repeat(16) } },
      { parent: linkTo(attribute), child: { objectId: UNKNOWN } },
    ];
    for (const relationship of wrong) {
      const response = await refusal(url, { body: { relationships: [relationship] } });
      expect([response.statusCode, errorOf(response).message]).toEqual([
        400,
        expect.stringContaining('relationships[0]'),
      ]);
    }
  });
});

describe('relationships', () => {
  it('are refused when they are nested too deep', async () => {
    const attribute = await server.create('attributes', named('Deep attribute'));
    const { objectId } = attribute.information;
    const relationship = `{"parent":{"objectId":"${objectId}"},"child":{"objectId":"${objectId}"},"a":${nested(600)}}`;
    const response = await refusal(`PUT /model/systemHierarchy/attributes/${objectId}/relationships`, {
      body: `{"relationships":[${relationship}]}`,
      headers: { 'content-type': 'application/json' },
    });
    expect([response.statusCode, errorOf(response).message]).toEqual([400, expect.stringContaining('nested deeper')]);
  });
});

describe('who and where', () => {
  it('answers in both envelopes', async () => {
    const error = errorOf(await server.call(`GET /model/filters/${UNKNOWN}`));
    expect(error).toEqual({
      code: 'ERR004',
      message: expect.stringContaining(UNKNOWN),
      ticketId: expect.stringMatching(/^[0-9a-f]{32}$/),
      errors: [{ code: error.code, message: error.message, ticketId: error.ticketId, additionalProperties: {} }],
    });
    const denied = errorOf(await server.call('GET /model/tables', { token: 'nobody' }));
    expect([denied.code, denied.errors[0]?.code]).toEqual(['ERR009', 'ERR009']);
  });

  it.each([
    ['no project', { project: false }, 400],
    ['a project that is none', { project: 'here' }, 400],
    ['an unknown project', { project: UNKNOWN }, 404],
    ['a changeset that is none', { changeset: 'here' }, 400],
    ['an unknown changeset', { changeset: UNKNOWN }, 404],
  ])('refuses %s', async (_what, options, status) => {
    expect((await server.call(`GET /model/filters/${filter.information.objectId}`, options as never)).statusCode).toBe(
      status,
    );
    expect((await refusal('POST /model/filters', { ...(options as object), body: named('N') })).statusCode).toBe(
      status,
    );
  });

  it('knows unknown ids from unknown resources', async () => {
    for (const id of [UNKNOWN, 'x', table.information.objectId]) {
      const response = await server.call(`GET /model/filters/${id}`);
      expect(response.statusCode).toBe(404);
      expect(errorOf(response).message).not.toBe('HTTP 404 Not Found');
    }
    const response = await server.call('GET /model/nothing');
    expect([response.statusCode, errorOf(response).message]).toEqual([404, 'HTTP 404 Not Found']);
  });

  it('asks for the privilege of the kind of object, and for rights on object and folder', async () => {
    const author = await server.addUser('anna', [1]);
    const schema = await refusal('POST /model/tables', { token: author, body: aTable('B', ['B_ID']) });
    expect([schema.statusCode, errorOf(schema).message]).toEqual([
      403,
      expect.stringContaining('Create schema objects'),
    ]);
    const visitor = await server.addUser('vera', []);
    const application = await refusal('POST /model/filters', { token: visitor, body: named('V') });
    expect(errorOf(application).message).toContain('Create application objects');

    const folder = await refusal('POST /model/filters', { token: author, body: named('A') });
    expect([folder.statusCode, errorOf(folder).code]).toEqual([403, 'ERR017']);
    const edit = await refusal(`PATCH /model/filters/${filter.information.objectId}`, {
      token: author,
      body: named('A'),
    });
    expect([edit.statusCode, errorOf(edit).message]).toEqual([403, expect.stringContaining('Write access')]);
    expectStatus(await server.call(`GET /model/filters/${filter.information.objectId}`, { token: author }), 200);

    const acl = [{ op: 'ADD', trustee: WELL_KNOWN.everyone, rights: 8, inheritable: false }];
    expectStatus(await server.call(`PUT /objects/${FOLDER.publicObjects}?type=8`, { body: { acl } }), 200);
    const mine = await server.create(
      'filters',
      { information: { name: 'Mine', destinationFolderId: FOLDER.publicObjects } },
      { token: author },
    );
    await server.change('filters', mine.information.objectId, { qualification: 1 }, { token: author });
    expect(mine.information['acg']).toBe(255);
  });

  it('hides what may not be read', async () => {
    const secret = await server.create('filters', named('Secret'));
    const visitor = await server.addUser('victor', []);
    const acl = [{ op: 'REPLACE', trustee: WELL_KNOWN.everyone, rights: 0, inheritable: false }];
    const url = `/objects/${secret.information.objectId}?type=1`;
    expectStatus(await server.call(`PUT ${url}`, { body: { acl } }), 200);
    const response = await server.call(`GET /model/filters/${secret.information.objectId}`, { token: visitor });
    expect([response.statusCode, errorOf(response).code]).toEqual([403, 'ERR017']);
  });
});

describe('whatever is sent', () => {
  const RESOURCES = ['tables', 'attributes', 'facts', 'filters', 'hierarchies'];

  it('is stored as it came or refused as a whole, and never a failure of the server', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...RESOURCES),
        fc.dictionary(
          fc.constantFrom('forms', 'expressions', 'physicalTable', 'keyForm', 'displays', 'sorts', 'a'),
          fc.jsonValue(),
        ),
        async (resource, members) => {
          count += 1;
          const before = await server.dump();
          const response = await server.call(`POST /model/${resource}`, {
            body: { ...named(`Any ${count}`), ...members },
          });
          expect([201, 400]).toContain(response.statusCode);
          if (response.statusCode === 400) expect(await server.dump()).toBe(before);
        },
      ),
      { numRuns: 150, seed: 3 },
    );
  });

  it('is read as it was sent, but for members that are null', async () => {
    let count = 0;
    const definition = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== 'information' && name !== '__proto__'),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(definition, async (sent) => {
        fc.pre(!/"(objectId|__proto__)"/.test(JSON.stringify(sent)));
        count += 1;
        const created = await server.create('filters', { ...sent, ...named(`Kept ${count}`) });
        const { information: _information, ...shown } = await server.read('filters', created.information.objectId);
        const expected = Object.entries(sent).filter(([, value]) => value !== null);
        expect(shown).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(expected))));
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});
