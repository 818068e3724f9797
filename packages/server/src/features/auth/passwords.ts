import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of new hashes; stored with each hash, so that it can be raised later without locking anybody out. */
const COST = { n: 2 ** 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** A hash of COST takes 32 MiB for its time; more at once would also crowd file work out of the thread pool. */
const MAX_AT_ONCE = 2;
/** Bounds what a stored hash may ask for, whoever wrote it. */
const MAX_MEMORY = 256 * 1024 * 1024;

interface PasswordHash {
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Hashes a password for `credential.password_hash`: `scrypt$N$r$p$salt$hash`, the last two base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { ...COST, salt, length: HASH_BYTES });
  return ['scrypt', COST.n, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** Whether the password is the one of the hash. A text that is no hash matches nothing. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parsed = parseHash(stored);
  if (!parsed) return false;
  const { n, r, p, salt, hash } = parsed;
  return timingSafeEqual(await derive(password, { n, r, p, salt, length: hash.length }), hash);
}

/** Takes as long as `verifyPassword`; for names that have no password, so that they cannot be told apart. */
export async function verifyNothing(password: string): Promise<false> {
  await derive(password, { ...COST, salt: Buffer.alloc(SALT_BYTES), length: HASH_BYTES });
  return false;
}

/** True for a hash whose cost is not that of new hashes. */
export function isOutdated(stored: string): boolean {
  const parsed = parseHash(stored);
  return parsed?.n !== COST.n || parsed.r !== COST.r || parsed.p !== COST.p;
}

function parseHash(stored: string): PasswordHash | undefined {
  const [kind, n, r, p, salt, hash] = stored.split('$');
  if (kind !== 'scrypt' || !n || !r || !p || !salt || !hash) return undefined;
  return {
    n: Number(n),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

interface DeriveOptions extends Omit<PasswordHash, 'hash'> {
  readonly length: number;
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, options: DeriveOptions): Promise<Buffer> {
  if (running < MAX_AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await scryptAsync(password, options);
  } finally {
    // A place is handed on, not given back, so that a newcomer cannot overtake the queue.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function scryptAsync(password: string, { n, r, p, salt, length }: DeriveOptions): Promise<Buffer> {
  // Equal characters can be typed as different code points; NFKC makes them one password on every keyboard.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, { N: n, r, p, maxmem: MAX_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
