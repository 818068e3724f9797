import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../files/store-folders.ts';

/** A secret as it is kept: AES-256-GCM, bound to its name. All but the key's id are base64. */
export interface SealedSecret {
  /** Which key sealed it. */
  readonly keyId: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** Keeps secrets unreadable for whoever gets hold of the database without the key file. */
export interface SecretBox {
  /** The name is sealed in: a sealed secret cannot be passed off as another one. */
  seal(name: string, secret: string): Promise<SealedSecret>;
  /** @throws Error when the key file is not the one that sealed it, or the sealed secret was changed */
  open(name: string, sealed: SealedSecret): Promise<string>;
}

export interface SecretBoxOptions {
  /** Made with mode 0600 when the first secret is sealed. */
  readonly keyFile: string;
  /** So many random bytes. */
  readonly random: (size: number) => Buffer;
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;

export function createSecretBox(options: SecretBoxOptions): SecretBox {
  let making: Promise<Key> | null = null;
  return {
    async seal(name, secret) {
      // Two secrets that are sealed at once must not make two keys.
      making ??= ensureKey(options).finally(() => (making = null));
      const key = await making;
      const iv = options.random(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key.bytes, iv).setAAD(Buffer.from(name));
      const data = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      const [ivText, tag, dataText] = [iv, cipher.getAuthTag(), data].map((bytes) => bytes.toString('base64'));
      return { keyId: key.id, iv: ivText ?? '', tag: tag ?? '', data: dataText ?? '' };
    },
    async open(name, sealed) {
      const key = await findKey(options.keyFile);
      if (!key) throw new Error(`the key file ${options.keyFile} is missing`);
      if (key.id !== sealed.keyId) {
        throw new Error(`${name} was sealed with key ${sealed.keyId}, but ${options.keyFile} holds key ${key.id}`);
      }
      const [iv, tag, data] = [sealed.iv, sealed.tag, sealed.data].map((text) => Buffer.from(text, 'base64'));
      const decipher = createDecipheriv(CIPHER, key.bytes, iv ?? '', { authTagLength: 16 })
        .setAAD(Buffer.from(name))
        .setAuthTag(tag ?? Buffer.alloc(0));
      return Buffer.concat([decipher.update(data ?? Buffer.alloc(0)), decipher.final()]).toString('utf8');
    },
  };
}

async function ensureKey(options: SecretBoxOptions): Promise<Key> {
  return (await findKey(options.keyFile)) ?? makeKey(options);
}

async function findKey(keyFile: string): Promise<Key | undefined> {
  let text: string;
  try {
    text = await readFile(keyFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== KEY_BYTES) throw new Error(`the key file ${keyFile} does not hold a key`);
  return keyOf(bytes);
}

/** The key's id tells nothing of the key: it is a part of its hash. */
function keyOf(bytes: Buffer): Key {
  return { id: hash('sha256', bytes).slice(0, 16), bytes };
}

/** Whole or not at all: half a key in the file would make every secret unreadable. */
async function makeKey({ keyFile, random }: SecretBoxOptions): Promise<Key> {
  const bytes = random(KEY_BYTES);
  const temporary = `${keyFile}.new`;
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(`${bytes.toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, keyFile);
  await syncFolder(dirname(keyFile));
  return keyOf(bytes);
}
