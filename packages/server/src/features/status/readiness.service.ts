import { setTimeout as delay } from 'node:timers/promises';
import type { FileStore } from '../../platform/files/file-store.ts';
import type { Platform } from '../../platform/platform.ts';

/** What a server needs to serve, and whether it can be used now. */
export interface Components {
  readonly metadata: boolean;
  readonly library: boolean;
  readonly storage: boolean;
}

export interface ReadinessReport extends Components {
  readonly status: 'ready' | 'unavailable' | 'draining';
}

/** Whether requests should be sent to this server. */
export interface Readiness {
  report(): Promise<ReadinessReport>;
  components(): Promise<Components>;
  /** From now on it is not ready: it is about to stop. */
  startDraining(): void;
}

export interface ReadinessParts {
  readonly platform: Pick<Platform, 'metadata' | 'library' | 'clock'>;
  readonly files: Pick<FileStore, 'check'>;
}

/** Probes come often, and each look at the storage writes a file or an object. */
const STORAGE_LOOK_EVERY_MS = 5000;
/** A probe that has no answer by then has its answer. */
const PATIENCE_MS = 3000;

export function createReadiness({ platform, files }: ReadinessParts): Readiness {
  let isDraining = false;
  let look: { readonly at: number; readonly isUsable: Promise<boolean> } | null = null;
  const storage = (): Promise<boolean> => {
    const now = platform.clock.now();
    if (look === null || now - look.at >= STORAGE_LOOK_EVERY_MS) look = { at: now, isUsable: works(files.check()) };
    return look.isUsable;
  };
  const components = async (): Promise<Components> => {
    const [metadata, library, isUsable] = await Promise.all([
      inTime(works(platform.metadata.ping())),
      inTime(works(platform.library.ping())),
      inTime(storage()),
    ]);
    return { metadata, library, storage: isUsable };
  };
  return {
    components,
    async report() {
      const found = await components();
      if (isDraining) return { status: 'draining', ...found };
      const isReady = found.metadata && found.library && found.storage;
      return { status: isReady ? 'ready' : 'unavailable', ...found };
    },
    startDraining() {
      isDraining = true;
    },
  };
}

const works = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );

const inTime = (answer: Promise<boolean>): Promise<boolean> =>
  Promise.race([answer, delay(PATIENCE_MS, false, { ref: false })]);
