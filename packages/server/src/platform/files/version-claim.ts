import { hash } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { INCOMING } from './incoming.ts';
import { isMissing } from './store-errors.ts';
import { makeFolders } from './store-folders.ts';

/** No process can have this name, so that claims are in nobody's folder. */
const CLAIMS = `${INCOMING}/.claims`;
const LOOK_EVERY_MS = 20;
/** Whoever holds a claim has a rename to do. One that is as old as this is left over from a crash. */
const LEFT_OVER_MS = 15_000;

export interface ClaimedVersion {
  /** The store's location after links are followed. */
  readonly root: string;
  /** The file, and the version of it that is to be replaced. */
  readonly name: string;
  /** Whether the file still has that version. */
  isCurrent(): Promise<boolean>;
}

/**
 * Runs `replace` for the one of all processes that may replace this version of a file: file systems have no conditional
 * rename. The claim is a file that only one can create; a version that is gone can be claimed by nobody.
 * @returns false when the file has another version
 */
export async function withVersionClaim(claimed: ClaimedVersion, replace: () => Promise<void>): Promise<boolean> {
  const folder = await makeFolders(claimed.root, CLAIMS);
  const claim = join(folder, hash('sha256', claimed.name));
  let seen: SeenClaim | null = null;
  while (await claimed.isCurrent()) {
    if (await isCreated(claim)) return replaceClaimed(claim, claimed, replace);
    seen = await look(claim, seen);
    if (seen !== null && performance.now() - seen.since > LEFT_OVER_MS) await takeAway(claim, seen.inode);
    await delay(LOOK_EVERY_MS);
  }
  return false;
}

async function replaceClaimed(claim: string, claimed: ClaimedVersion, replace: () => Promise<void>): Promise<boolean> {
  try {
    // It may have been replaced, and its claim been given back, since it was looked at.
    if (!(await claimed.isCurrent())) return false;
    await replace();
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

interface SeenClaim {
  readonly inode: number;
  /** When it was first seen, by the clock of this process. */
  readonly since: number;
}

async function isCreated(claim: string): Promise<boolean> {
  try {
    await (await open(claim, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function look(claim: string, before: SeenClaim | null): Promise<SeenClaim | null> {
  try {
    const { ino } = await stat(claim);
    return before?.inode === ino ? before : { inode: ino, since: performance.now() };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Two may do so at once: whoever finds that it was not the old claim any more puts it back. */
async function takeAway(claim: string, inode: number): Promise<void> {
  const aside = `${claim}.${inode}`;
  try {
    await rename(claim, aside);
    if ((await stat(aside)).ino === inode) await rm(aside, { force: true });
    else await rename(aside, claim);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
