import type { PackageManifest } from '@longshore/contracts';
import { scopeOf } from '@longshore/domain';
import { fillTemporaryTables } from '../../../platform/db/bulk.ts';
import type { Connection, Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import { loadRevision } from '../../objects/scope-revisions.repository.ts';
import type { ImportOrder } from '../migration-jobs.ts';
import type { CheckedPart } from './checked-chunk.ts';
import { damaged } from './damaged.ts';
import type { EntryRules } from './check-entries.ts';
import { packageThreadFor, type PackageThread } from './package-thread-questions.ts';
import { referenceTables, type ReferenceStaging } from './reference-staging.ts';
import { referencesBeside } from './references-beside.ts';
import { openPackage, readParts } from './stage-package.ts';
import {
  positionOf,
  referencesHere,
  resetStaging,
  staging,
  stagingWrites,
  type StagedAs,
} from './staging.repository.ts';
import { refuseUnstaged } from './staging-refusal.ts';
import { targetFacts } from './target.repository.ts';

export interface StagingParts {
  readonly db: Connection<MetadataTables>;
  readonly files: FileStore;
  /** Share of the package that is read, 0 to 1. */
  onProgress(share: number): void;
}

/** `undecided` leaves out what the target has already and the rule keeps: there is nothing to decide about it. */
export type StagedEntries = 'all' | 'undecided';

/** What is known of a package that was read to its end. */
interface StagedFacts {
  readonly manifest: PackageManifest;
  /** Of the file, which a second reading must meet again. */
  readonly digest: string;
  /** Entries of which only the header is staged. */
  readonly deferred: number;
  /** Entries that are left out, and the revision of the target at which they were compared. */
  readonly settled: number;
  readonly revision: number;
}

/**
 * A package in the staging tables of a connection. What the target has already, in the same version and with the same
 * body, is hardly ever written, so that only its header is staged, or nothing. Whether that was right is known in the
 * transaction: what is missing then is read from the file again.
 */
export class StagedPackage {
  readonly #order: ImportOrder;
  readonly #parts: StagingParts;
  #facts: StagedFacts;

  private constructor(order: ImportOrder, parts: StagingParts, facts: StagedFacts) {
    this.#order = order;
    this.#parts = parts;
    this.#facts = facts;
  }

  /**
   * Opens the package file, checks it, and stages it. Nothing of the target is touched, and no lock is taken.
   * @throws AppError `invalid` when the file cannot be used
   */
  static async read(order: ImportOrder, parts: StagingParts, entries: StagedEntries): Promise<StagedPackage> {
    const { executor } = parts.db;
    return withThread(order, async (thread) => {
      const scratch = thread && (await parts.db.attachScratch(referenceTables));
      try {
        const facts = await fillTemporaryTables(executor, async () => {
          await resetStaging(executor);
          const references = thread && scratch ? referencesBeside(thread, scratch) : await referencesHere(executor);
          return fillStaging(executor, { order, parts, entries, thread, references });
        });
        return new StagedPackage(order, parts, facts);
      } finally {
        scratch?.unlink();
      }
    });
  }

  get manifest(): PackageManifest {
    return this.#facts.manifest;
  }

  /**
   * Looks whether the target is still the one that entries were compared with; if not, stages all of them. To be called
   * first in the transaction that the package is for.
   * @throws AppError `invalid` when the file is not the one any more that was staged
   */
  async renew(tx: Executor<MetadataTables>): Promise<void> {
    const { settled, revision, digest } = this.#facts;
    if (settled === 0 || (await loadRevision(tx, scopeOf(this.#order.projectId))) === revision) return;
    await resetStaging(tx);
    const references = await referencesHere(tx);
    this.#facts = await withThread(this.#order, (thread) =>
      fillStaging(tx, { order: this.#order, parts: this.#parts, entries: 'all', thread, references }),
    );
    if (this.#facts.digest !== digest) throw damaged('it became another one while it was read');
  }

  /**
   * Stages what is missing of the entries that will be written, from the decisions in `temp.decision`.
   * @throws AppError `invalid` when the file is not the one any more that was staged
   */
  async complete(tx: Executor<MetadataTables>): Promise<void> {
    const staged = staging(tx);
    if (this.#facts.deferred === 0 || !(await staged.isIncomplete())) return;
    const file = await openPackage(this.#parts.files, this.#order);
    const { digest } = await withThread(this.#order, (thread) =>
      readParts(file, { origin: originOf(this.#order), thread }, async (part) => {
        const positions = await staged.loadIncomplete(part.ids);
        const missing = placesOf(part, (id) => positions.has(id));
        const entries = part.take(missing).map((one) => ({ ...one, position: positions.get(one.entry.id) ?? 0 }));
        await staged.addContents(entries).catch(refuseUnstaged);
      }),
    );
    if (digest !== this.#facts.digest) throw damaged('it became another one while it was read');
  }
}

const originOf = ({ contentPackageId }: ImportOrder): EntryRules['origin'] =>
  contentPackageId === undefined ? 'shared' : 'uploaded';

async function withThread<T>(
  { storageSize }: ImportOrder,
  work: (thread: PackageThread | null) => Promise<T>,
): Promise<T> {
  const thread = packageThreadFor(storageSize);
  try {
    return await work(thread);
  } finally {
    await thread?.close();
  }
}

interface PackageReading {
  readonly order: ImportOrder;
  readonly parts: StagingParts;
  readonly entries: StagedEntries;
  readonly thread: PackageThread | null;
  readonly references: ReferenceStaging;
}

/** Reads a package into the staging tables, which are empty. */
async function fillStaging(db: Executor<MetadataTables>, reading: PackageReading): Promise<StagedFacts> {
  const { order, parts, thread, references } = reading;
  const staged = stagingWrites(db, references);
  // Before the first comparison: what is written after it is told by another revision.
  const revision = await loadRevision(db, scopeOf(order.projectId));
  // Only now: once it is open, only reading it to its end, or failing at that, closes it again.
  const file = await openPackage(parts.files, order);
  const { manifest } = file;
  const expected = Math.max(1, manifest.counts?.entries ?? 1);
  const counts = { header: 0, settled: 0 };
  const { digest } = await readParts(file, { origin: originOf(order), thread }, async (part, seq) => {
    const known = await knownEntries(db, { reading, manifest, part });
    const open = placesOf(part, (id) => known.get(id) !== 'settled');
    const entries = part
      .take(open)
      .map((one, at) => ({ ...one, position: positionOf(one.entry, seq + (open[at] ?? 0)) }));
    const { whole = [], header = [] } = Object.groupBy(entries, ({ entry }) => known.get(entry.id) ?? 'whole');
    await staged.add({ ids: part.ids, whole, header }).catch(refuseUnstaged);
    counts.header += header.length;
    counts.settled += part.ids.length - open.length;
    parts.onProgress(Math.min(1, (seq + part.ids.length) / expected));
  });
  await staged.finish().catch(refuseUnstaged);
  return { manifest, digest, deferred: counts.header, settled: counts.settled, revision };
}

interface PartOfPackage {
  readonly reading: PackageReading;
  readonly manifest: PackageManifest;
  readonly part: CheckedPart;
}

/**
 * The entries that the target has with the same version and body, by id. None where planning looks into bodies: links of
 * users, and texts that are brought together.
 */
async function knownEntries(
  db: Executor<MetadataTables>,
  { reading, manifest, part }: PartOfPackage,
): Promise<ReadonlyMap<string, StagedAs>> {
  const known = new Map<string, StagedAs>();
  if (manifest.type === 'project_security' || manifest.settings.translationAction !== undefined) return known;
  const target = targetFacts(db, scopeOf(reading.order.projectId));
  const there = await target.loadIdentityKeys(part.ids);
  for (const [place, id] of part.ids.entries()) {
    const keys = there.get(id);
    if (keys === undefined) continue;
    const own = part.keysAt(place);
    if (own.body !== keys.body) continue;
    const isSettled = reading.entries === 'undecided' && own.place === keys.place && part.isKept(place);
    known.set(id, isSettled ? 'settled' : 'header');
  }
  return known;
}

/** The places of a part that have the ids that are asked for. */
const placesOf = (part: CheckedPart, isAsked: (id: string) => boolean): number[] =>
  part.ids.flatMap((id, place) => (isAsked(id) ? [place] : []));
