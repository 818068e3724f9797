import { expect, it, vi } from 'vitest';
import { failingConnection, InjectedFailure } from './failing-connection.ts';
import { anEnvironmentPair, anObject, idOf } from './environment.ts';

it('the package file is closed at whichever statement an import fails', async () => {
  await using pair = await anEnvironmentPair();
  const { source, target } = pair;
  const METRIC = idOf('METRIC');
  await source.put(anObject({ id: METRIC, type: 4, version: idOf('V2') }));
  await target.put(anObject({ id: METRIC, type: 4 }));
  const made = await source.create({ content: [{ id: METRIC, type: 4 }] });
  const opened = vi.spyOn(target.files, 'openRead');
  /** Statements at which an import failed while it had the file open, or before. */
  let failures = 0;
  for (let isDone = false; !isDone; failures += 1) {
    opened.mockClear();
    const failing = failingConnection(failures);
    const validated = target.validate(made, {}, (location) => failing.connect(location));
    isDone = await validated.then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof InjectedFailure)) throw error;
        return false;
      },
    );
    const files = await Promise.all(
      opened.mock.results.map(({ value }) => value as ReturnType<typeof target.files.openRead>),
    );
    expect(files.map(({ stream }) => stream.destroyed)).toEqual(files.map(() => true));
  }
  expect(failures).toBeGreaterThan(20);
});
