import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openConnection, type Connection, type Executor } from './database.ts';
import { readState, watchState } from './shared-state.ts';

interface Tables {
  readonly note: { readonly text: string };
}

async function openNotes(): Promise<{ readonly file: string; readonly writer: Connection<Tables> }> {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-shared-state-'));
  const file = join(folder, 'notes.sqlite');
  const writer = await openConnection<Tables>(file, { mode: 'writer', busyTimeout: 0 });
  await sql`CREATE TABLE note (text TEXT)`.execute(writer.executor);
  onTestFinished(async () => {
    await writer.close();
    rmSync(folder, { recursive: true });
  });
  return { file, writer };
}

const addNote = (writer: Connection<Tables>, text: string): Promise<void> =>
  writer.transaction(async (tx) => void (await tx.insertInto('note').values({ text }).execute()));

const notes = async (tx: Executor<Tables>): Promise<string[]> =>
  (await tx.selectFrom('note').selectAll().execute()).map(({ text }) => text);

it('two transactions with nothing committed in between see one state, whatever is committed later', async () => {
  const { file, writer } = await openNotes();
  await addNote(writer, 'before');
  const watch = watchState(file);
  const reader = await openConnection<Tables>(file, { mode: 'reader', busyTimeout: 0 });
  await reader.transaction(async (tx) => {
    expect(await notes(tx)).toEqual(['before']);
    const other = await readState<Tables>(file, await watch.ticketOf(tx));
    expect(watch.holds()).toBe(true);
    await addNote(writer, 'after');
    expect(await notes(other.executor)).toEqual(['before']);
    expect(await notes(tx)).toEqual(['before']);
    await other.close();
  });
  watch.close();
  await reader.close();
});

it('a commit between the two is noticed, also one that is brought to its place in the file', async () => {
  const { file, writer } = await openNotes();
  const watch = watchState(file);
  const reader = await openConnection<Tables>(file, { mode: 'reader', busyTimeout: 0 });
  await reader.transaction(async (tx) => {
    expect(await notes(tx)).toEqual([]);
    await addNote(writer, 'between');
    await sql`PRAGMA wal_checkpoint(PASSIVE)`.execute(writer.executor);
    const other = await readState<Tables>(file, await watch.ticketOf(tx));
    expect(await notes(other.executor)).toEqual(['between']);
    expect(watch.holds()).toBe(false);
    await other.close();
  });
  watch.close();
  await reader.close();
});

it('a state that is closed holds nothing up: the log can be taken away', async () => {
  const { file, writer } = await openNotes();
  const other = await readState<Tables>(file, { engine: 'sqlite' });
  await addNote(writer, 'later');
  const truncate = async (): Promise<unknown> =>
    (await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(writer.executor)).rows[0];
  expect(await truncate()).toMatchObject({ busy: 1 });
  await other.close();
  expect(await truncate()).toMatchObject({ busy: 0 });
});
