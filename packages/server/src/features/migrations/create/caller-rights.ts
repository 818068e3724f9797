import { effectiveRights, RIGHTS, type AclEntry } from '@longshore/domain';
import type { JobCaller } from '../migration-jobs.ts';
import type { JudgedHeader, PackageSource } from './package-source.repository.ts';

/** What a caller without the bypass privilege needs on an object to pack it. */
const READABLE = RIGHTS.browse | RIGHTS.read;
/** Lists that are looked up at a time. */
const LISTS_AT_ONCE = 1_000;

/** What the caller of a package may do with objects. Few access control lists are distinct, so each is judged once. */
export class CallerRights {
  readonly #source: Pick<PackageSource, 'loadAcls'>;
  readonly #caller: JobCaller;
  readonly #rightsByAcl = new Map<string, number>();

  constructor(source: Pick<PackageSource, 'loadAcls'>, caller: JobCaller) {
    this.#source = source;
    this.#caller = caller;
  }

  /** To be done before objects with these lists are judged. */
  async learn(aclIds: readonly string[]): Promise<void> {
    if (this.#caller.bypassesSecurity) return;
    const unknown = [...new Set(aclIds)].filter((id) => !this.#rightsByAcl.has(id));
    for (let at = 0; at < unknown.length; at += LISTS_AT_ONCE) {
      const lists = await this.#source.loadAcls(unknown.slice(at, at + LISTS_AT_ONCE));
      for (const [aclId, entries] of lists) this.#rightsByAcl.set(aclId, this.#rightsBy(entries));
    }
  }

  isReadable(header: JudgedHeader): boolean {
    return (this.#rightsOn(header) & READABLE) === READABLE;
  }

  /** Whoever may not even browse an object is not told its name. */
  mayBrowse(header: JudgedHeader): boolean {
    return (this.#rightsOn(header) & RIGHTS.browse) !== 0;
  }

  #rightsOn({ aclId }: JudgedHeader): number {
    return this.#caller.bypassesSecurity ? RIGHTS.full : (this.#rightsByAcl.get(aclId) ?? 0);
  }

  #rightsBy(entries: string): number {
    return effectiveRights(JSON.parse(entries) as AclEntry[], this.#caller.principalIds, { userId: this.#caller.id });
  }
}
