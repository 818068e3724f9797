import { loginKey } from '@longshore/domain';
import type { CallerUser } from '../../platform/http/access.ts';
import { loadGrants, type Grants } from './grants.ts';
import { isUser, readAccount, type Account } from './principal-definition.ts';
import type { PrincipalRepository } from './principal.repository.ts';

/** What a user is and may do, as of one revision of the configuration. */
export interface ActiveUser {
  readonly user: CallerUser;
  readonly account: Account;
  readonly grants: Grants;
}

/**
 * Keeps what users may do until the configuration changes; then everybody is looked up anew. A use costs one cheap
 * read of the revision.
 */
export class PrincipalCache {
  readonly #repository: PrincipalRepository;
  #revision = -1;
  #activeUsers = new Map<string, ActiveUser>();
  #idsByLogin: ReadonlyMap<string, string> | undefined;

  constructor(repository: PrincipalRepository) {
    this.#repository = repository;
  }

  /** Undefined for a user that is deleted or disabled. */
  async find(userId: string): Promise<ActiveUser | undefined> {
    await this.#refresh();
    const known = this.#activeUsers.get(userId);
    if (known) return known;
    // By the time it is loaded the map may be that of a later revision, in which this answer has no place.
    const activeUsers = this.#activeUsers;
    const active = await this.#load(userId);
    if (active) activeUsers.set(userId, active);
    return active;
  }

  /** The id of the user with a login name, in any case. */
  async findIdByLogin(username: string): Promise<string | undefined> {
    await this.#refresh();
    if (this.#idsByLogin) return this.#idsByLogin.get(loginKey(username));
    const revision = this.#revision;
    const logins = await this.#repository.listLogins();
    const idsByLogin = new Map(logins.map((login) => [loginKey(login.username), login.id]));
    if (revision === this.#revision) this.#idsByLogin = idsByLogin;
    return idsByLogin.get(loginKey(username));
  }

  async #refresh(): Promise<void> {
    const current = await this.#repository.configurationRevision();
    if (current === this.#revision) return;
    this.#revision = current;
    this.#activeUsers = new Map();
    this.#idsByLogin = undefined;
  }

  async #load(userId: string): Promise<ActiveUser | undefined> {
    const user = (await this.#repository.load([userId])).get(userId);
    if (!user || !isUser(user)) return undefined;
    const account = readAccount(user);
    if (!account.enabled) return undefined;
    return {
      user: { id: userId, name: user.name, login: account.username },
      account,
      grants: await loadGrants((ids) => this.#repository.load(ids), userId),
    };
  }
}
