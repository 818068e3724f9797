import { AppError, type PackageManifest } from '@longshore/contracts';
import { scopeOf } from '@longshore/domain';
import { fillTemporaryTables } from '../../../platform/db/bulk.ts';
import type { Connection, Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { isDuplicateKey } from '../../../platform/db/unusable-database.ts';
import type { FileStore } from '../../../platform/files/file-store.ts';
import type { ImportOrder } from '../migration-jobs.ts';
import { checkUploadedEntry } from './check-uploaded-entry.ts';
import { damaged, openPackage, readParts, type EntryCheck } from './stage-package.ts';
import { staging, type StagedEntry } from './staging.repository.ts';
import { targetFacts, versionText } from './target.repository.ts';

export interface StagingParts {
  readonly db: Connection<MetadataTables>;
  readonly files: FileStore;
  /** Share of the package that is read, 0 to 1. */
  onProgress(share: number): void;
}

/** What is known of a package that was read to its end. */
interface StagedFacts {
  readonly manifest: PackageManifest;
  /** Of the file, which a second reading must meet again. */
  readonly digest: string;
  /** Entries of which only the header is staged. */
  readonly deferred: number;
}

/**
 * A package in the staging tables of a connection. What the target has already, in the same version and with the same
 * body, is hardly ever written, so that only its header is staged. Whether that was right is known when everything is
 * decided; what is missing then is read from the file again.
 */
export class StagedPackage {
  readonly #order: ImportOrder;
  readonly #parts: StagingParts;
  readonly #facts: StagedFacts;

  private constructor(order: ImportOrder, parts: StagingParts, facts: StagedFacts) {
    this.#order = order;
    this.#parts = parts;
    this.#facts = facts;
  }

  /**
   * Opens the package file, checks it, and stages it. Nothing of the target is touched, and no lock is taken.
   * @throws AppError `invalid` when the file cannot be used
   */
  static async read(order: ImportOrder, parts: StagingParts): Promise<StagedPackage> {
    const file = await openPackage(parts.files, order);
    const { manifest } = file;
    const { executor } = parts.db;
    const staged = staging(executor);
    const expected = Math.max(1, manifest.counts?.entries ?? 1);
    let deferred = 0;
    const { digest } = await fillTemporaryTables(executor, async () => {
      await staged.reset();
      const totals = await readParts(file, entryCheck(order), async (part, seq) => {
        const known = await knownEntries(executor, { order, manifest, part });
        deferred += known.size;
        await staged.add(part, seq, (one) => !known.has(one.entry.id)).catch(refuseTwice);
        parts.onProgress(Math.min(1, (seq + part.length) / expected));
      });
      await staged.finish().catch(refuseTwice);
      return totals;
    });
    return new StagedPackage(order, parts, { manifest, digest, deferred });
  }

  get manifest(): PackageManifest {
    return this.#facts.manifest;
  }

  /**
   * Stages what is missing of the entries that will be written, from the decisions in `temp.decision`.
   * @throws AppError `invalid` when the file is not the one any more that was staged
   */
  async complete(tx: Executor<MetadataTables>): Promise<void> {
    const staged = staging(tx);
    if (this.#facts.deferred === 0 || !(await staged.isIncomplete())) return;
    const file = await openPackage(this.#parts.files, this.#order);
    const { digest } = await readParts(file, entryCheck(this.#order), async (part) => {
      const positions = await staged.loadIncomplete(part.map(({ entry }) => entry.id));
      const missing = part.flatMap((one) => {
        const position = positions.get(one.entry.id);
        return position === undefined ? [] : [{ ...one, position }];
      });
      await staged.addContents(missing).catch(refuseTwice);
    });
    if (digest !== this.#facts.digest) throw damaged('it became another one while it was read');
  }
}

/** A file that a client has uploaded is trusted in nothing that can be derived. */
const entryCheck = (order: ImportOrder): EntryCheck =>
  order.contentPackageId === undefined ? () => undefined : checkUploadedEntry;

interface PartOfPackage {
  readonly order: ImportOrder;
  readonly manifest: PackageManifest;
  readonly part: readonly StagedEntry[];
}

/**
 * Ids of the entries that the target has with the same version and body. None where planning looks into bodies: links of
 * users, and texts that are brought together.
 */
async function knownEntries(
  db: Executor<MetadataTables>,
  { order, manifest, part }: PartOfPackage,
): Promise<ReadonlySet<string>> {
  if (manifest.type === 'project_security' || manifest.settings.translationAction !== undefined) return new Set();
  const target = targetFacts(db, scopeOf(order.projectId));
  const versions = await target.loadVersions(part.map(({ entry }) => entry.id));
  const same = part.filter(({ entry }) => versions.has(versionText(entry)));
  return new Set(same.map(({ entry }) => entry.id));
}

function refuseTwice(error: unknown): never {
  if (isDuplicateKey(error)) {
    throw new AppError('invalid', 'The package file is damaged: it holds an object twice. Create the package again.', {
      cause: error,
    });
  }
  throw error;
}
