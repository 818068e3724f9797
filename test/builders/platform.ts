import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Clock } from '../../packages/server/src/platform/clock.ts';
import { openDatabase } from '../../packages/server/src/platform/db/database.ts';
import type { LibraryTables } from '../../packages/server/src/platform/db/library-schema.ts';
import { LIBRARY_MIGRATIONS } from '../../packages/server/src/platform/db/library-tables.ts';
import type { MetadataTables } from '../../packages/server/src/platform/db/metadata-schema.ts';
import { METADATA_MIGRATIONS } from '../../packages/server/src/platform/db/metadata-tables.ts';
import { randomIds } from '../../packages/server/src/platform/ids.ts';
import type { Platform } from '../../packages/server/src/platform/platform.ts';
import { dropDatabases, locationOf } from './databases.ts';

/** A clock that stands still until it is moved. */
export class SettableClock implements Clock {
  #now = Date.UTC(2026, 0, 15, 9, 30, 0);

  now(): number {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  advanceSeconds(seconds: number): void {
    this.advance(seconds * 1000);
  }
}

export interface TestPlatform extends Platform {
  readonly clock: SettableClock;
  /** Folder of the two databases; opening it again is a restart. */
  readonly directory: string;
  /** Closes the databases and keeps their files. */
  stop(): Promise<void>;
  /** Closes the databases and removes their files. */
  close(): Promise<void>;
}

export interface TestPlatformOptions {
  /** Databases of an earlier platform; a new folder when it is left out. */
  readonly directory?: string;
  readonly clock?: SettableClock;
}

/** Both databases, real, in a folder of their own. */
export async function aPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'longshore-')));
  const metadata = await openDatabase<MetadataTables>({
    location: await locationOf(directory, 'metadata'),
    migrations: METADATA_MIGRATIONS,
    lockPatience: 1000,
  });
  const library = await openDatabase<LibraryTables>({
    location: await locationOf(directory, 'library'),
    migrations: LIBRARY_MIGRATIONS,
    lockPatience: 1000,
  });
  const stop = async (): Promise<void> => {
    await metadata.close();
    await library.close();
  };
  return {
    clock: options.clock ?? new SettableClock(),
    ids: randomIds,
    log: pino({ level: 'silent' }),
    metadata,
    library,
    directory,
    stop,
    close: async () => {
      await stop();
      await dropDatabases(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
