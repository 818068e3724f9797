import type { Readable } from 'node:stream';
import { ByteSource, InputEnded } from './byte-source.ts';
import { ARCHIVE, NotAPackage, PackageDamaged, PackageTooLarge } from './errors.ts';
import { END_OF_ARCHIVE, TAR_BLOCK, isTarHeader, isZero, parseTarHeader, tarBytes, tarPadding } from './tar-members.ts';
import type { TarMember } from './tar-members.ts';

export interface ArchiveMember {
  readonly name: string;
  readonly content: Buffer;
}

/** Takes the members out of an archive, one at a time, and accepts no byte that the format does not prescribe. */
export class ArchiveReader {
  readonly #source: ByteSource;
  readonly #maxBytes: number;
  readonly #signal: AbortSignal | undefined;
  #last: string = ARCHIVE;

  constructor(input: Readable, maxBytes: number, signal?: AbortSignal) {
    this.#source = new ByteSource(input);
    this.#maxBytes = maxBytes;
    this.#signal = signal;
  }

  /** Bytes read so far. */
  get bytes(): number {
    return this.#source.consumed;
  }

  /** The first member, by which a file shows that it is a package at all. @throws NotAPackage, PackageDamaged */
  async first(name: string, maxContent: number): Promise<ArchiveMember> {
    let block: Buffer;
    try {
      block = await this.#source.read(TAR_BLOCK);
    } catch (error) {
      if (!(error instanceof InputEnded)) throw error;
      throw new NotAPackage(
        error.available === 0 ? 'it is empty' : `it ends after ${error.available} bytes, before any content`,
      );
    }
    if (!isTarHeader(block)) throw new NotAPackage('it is not a tar archive');
    const header = this.#parse(block);
    if (header.name !== name) {
      throw new NotAPackage(`it starts with ${JSON.stringify(header.name)} instead of ${name}`);
    }
    return this.#content(header, maxContent);
  }

  /** The next member; the caller knows that one has to follow. @throws PackageDamaged, PackageTooLarge */
  async next(maxContent: number): Promise<ArchiveMember> {
    const block = await this.#read(TAR_BLOCK, ARCHIVE, `it ends after ${this.#last}`);
    if (isZero(block)) throw new PackageDamaged(ARCHIVE, `it ends after ${this.#last}, without digests.json`);
    return this.#content(this.#parse(block), maxContent);
  }

  /** Checks that the archive ends here and that nothing follows. @throws PackageDamaged */
  async finish(): Promise<void> {
    const end = await this.#read(END_OF_ARCHIVE.length, ARCHIVE, 'its end is cut short');
    if (!isZero(end)) throw new PackageDamaged(ARCHIVE, `something else than its end follows ${this.#last}`);
    if (!(await this.#source.isAtEnd())) throw new PackageDamaged(ARCHIVE, 'further bytes follow its end');
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #parse(block: Buffer): TarMember {
    const header = parseTarHeader(block);
    if (header === undefined) {
      throw new PackageDamaged(ARCHIVE, `the tar header after ${this.#last} is not the one that the format prescribes`);
    }
    return header;
  }

  async #content(header: TarMember, maxContent: number): Promise<ArchiveMember> {
    const { name, size } = header;
    const shown = JSON.stringify(name);
    if (size > maxContent) {
      throw new PackageDamaged(ARCHIVE, `member ${shown} claims ${size} bytes, and ${maxContent} are the most allowed`);
    }
    if (this.bytes - TAR_BLOCK + tarBytes(size) > this.#maxBytes) {
      throw new PackageTooLarge(`The package is larger than the limit of ${this.#maxBytes} bytes.`);
    }
    const content = await this.#read(size, name, `it is cut short, of ${size} bytes`);
    const padding = await this.#read(tarPadding(size), name, 'its padding is cut short');
    if (!isZero(padding)) throw new PackageDamaged(name, 'the padding after it is not zero');
    this.#last = name;
    return { name, content };
  }

  async #read(size: number, member: string, reason: string): Promise<Buffer> {
    // Besides the abort of the stream, which a stream that is wholly buffered no longer notices.
    this.#signal?.throwIfAborted();
    try {
      return await this.#source.read(size);
    } catch (error) {
      if (!(error instanceof InputEnded)) throw error;
      throw new PackageDamaged(member, reason, { cause: error });
    }
  }
}
