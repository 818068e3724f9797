import { describe, expect, it } from 'vitest';
import { approvedPackage, dumpOf, importInto, PROJECT, twoEnvironments, undo, YEAR } from './two-environments.ts';

const names = (dump: string): Map<string, Record<string, unknown>> =>
  new Map(
    dump
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown> & { id: string })
      .map((object) => [object.id, object]),
  );

describe('the walk of the seed between two real servers', () => {
  it('moves Year with everything that it needs, and the undo brings every byte back', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const before = await dumpOf(prod);
    const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
    expect(record.packageInfo).toMatchObject({ status: 'locked', replicated: false, project: { id: PROJECT } });

    const imported = await importInto(prod, record);
    expect(imported.importInfo).toMatchObject({ status: 'imported', progress: 100, importRequestStatus: 'approved' });
    expect(imported.importInfo.undoStorage?.path).toMatch(
      /^mstr\/shared\/migrations\/undo\/[0-9A-F]{32}\/[0-9A-F]{32}\.mmp$/,
    );
    const source = names(await dumpOf(dev, PROJECT));
    const target = names(await dumpOf(prod, PROJECT));
    expect(target.get(YEAR)).toEqual(source.get(YEAR));

    // The record on the source knows nothing of the import: each side has its own (spec/api.md 3.8).
    const onSource = await dev.client.migrations.get(record.id);
    expect(onSource.importInfo).toMatchObject({ status: 'pending', creator: {}, undoStorage: {} });

    const undone = await undo(prod, record.id);
    expect(undone.importInfo.status).toBe('undo_success');
    expect(await dumpOf(prod)).toBe(before);
  });

  it('imports the same package again after the undo, and finds nothing to do the time after', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, includeDependents: true }] });
    await importInto(prod, record);
    const after = await dumpOf(prod);
    await undo(prod, record.id);
    await importInto(prod, record);
    expect(undated(await dumpOf(prod))).toBe(undated(after));

    const { id } = await dev.client.migrations.reuse(record.packageInfo.id, {
      environment: { id: prod.running.url, name: 'prod' },
      project: { id: PROJECT, name: 'MicroStrategy Tutorial' },
    });
    const again = await importInto(prod, await dev.client.migrations.get(id, { show: 'all' }));
    expect(again.importInfo.status).toBe('imported');
    expect(undated(await dumpOf(prod))).toBe(undated(after));
  });

  it('works with one environment as source and target', async () => {
    await using pair = await twoEnvironments();
    const { dev } = pair;
    const before = await dumpOf(dev);
    const record = await approvedPackage(dev, dev, { content: [{ id: YEAR, type: 12, action: 'force_replace' }] });
    const imported = await importInto(dev, record);
    expect(imported.packageInfo.replicated).toBe(false);
    expect(imported.importInfo.status).toBe('imported');
    expect((await undo(dev, record.id)).importInfo.status).toBe('undo_success');
    expect(await dumpOf(dev)).toBe(before);
  });

  it('moves users and groups with a configuration package', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const users = names(await dumpOf(dev));
    const missing = [...users.values()].filter((object) => object['type'] === 34);
    const before = await dumpOf(prod);
    const record = await approvedPackage(dev, prod, {
      type: 'configuration',
      content: missing.map((object) => ({ id: String(object['id']), type: 34, includeDependents: true })),
      settings: { defaultAction: 'use_existing' },
    });
    const imported = await importInto(prod, record);
    expect(imported.importInfo).toMatchObject({ status: 'imported', project: {} });
    const target = names(await dumpOf(prod));
    expect(missing.filter((object) => !target.has(String(object['id'])))).toEqual([]);
    await undo(prod, record.id);
    expect(await dumpOf(prod)).toBe(before);
  });

  it('fails an import whole, and says what is missing', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const before = await dumpOf(prod);
    const onDev = names(await dumpOf(dev, PROJECT));
    const onProd = names(before);
    const needy = [...onDev.values()].find(
      (object) => object['type'] === 4 && !onProd.has(String(object['id'])) && needsMissing(object, onProd),
    );
    const record = await approvedPackage(dev, prod, { content: [{ id: String(needy?.['id']), type: 4 }] });
    const failed = await importInto(prod, record);
    expect(failed.importInfo.status).toBe('import_failed');
    expect(failed.importInfo.message).toContain(String(needy?.['name']));
    expect(await dumpOf(prod)).toBe(before);
    // There is nothing to undo, and undoing it says so by succeeding (README decision 12).
    expect((await undo(prod, record.id)).importInfo.status).toBe('undo_success');
  });
});

/** A folder that is created with contents is dated by its import (spec/semantics.md 2.3), so two imports differ in that. */
const undated = (dump: string): string =>
  dump.replaceAll(/"dateModified":"20(2[6-9]|[3-9]\d)-[^"]*"/g, '"dateModified":"now"');

function needsMissing(object: Record<string, unknown>, target: Map<string, unknown>): boolean {
  const ids = [...JSON.stringify(object['definition']).matchAll(/"objectId":"([0-9A-F]{32})"/g)].map((m) => m[1] ?? '');
  return ids.some((id) => id !== object['id'] && !target.has(id));
}
