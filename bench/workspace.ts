import { cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { projectLine, writeLargeProject, writeProject, type Variant } from './data.ts';
import { BenchServer } from './server.ts';

/** Folder of one size of data: files in the load format, and the environments that cases start from. */
export class Workspace {
  readonly folder: string;
  readonly #asked: number;
  /** Objects of the project with large definitions, once it is there. */
  #large: number | undefined;
  /** Objects of the project, the added ones among them. */
  objects = 0;

  private constructor(folder: string, objects: number) {
    this.folder = folder;
    this.#asked = objects;
  }

  static async create(parent: string, objects: number): Promise<Workspace> {
    const workspace = new Workspace(join(parent, `objects-${objects}`), objects);
    await mkdir(workspace.folder, { recursive: true });
    workspace.objects = await writeProject(workspace.file('new.ndjson'), objects, 'new');
    return workspace;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  bytesOf(name: string): number {
    return statSync(this.file(name)).size;
  }

  /** An environment with a project of few objects that have large definitions, and how many these are. */
  async large(): Promise<{ readonly name: string; readonly objects: number }> {
    const name = 'with-large';
    if (this.#large === undefined) {
      this.#large = await writeLargeProject(this.file('large.ndjson'), this.#asked);
      await this.#load(name, 'large.ndjson');
      this.remove('large.ndjson');
    }
    return { name, objects: this.#large };
  }

  /** The project's lines, in one of its two states. */
  async lines(variant: Variant): Promise<string> {
    const name = `${variant}.ndjson`;
    if (!existsSync(this.file(name))) await writeProject(this.file(name), this.#asked, variant);
    return name;
  }

  start(environment: string): Promise<BenchServer> {
    return BenchServer.start(this.folder, environment);
  }

  has(environment: string): boolean {
    return existsSync(this.file(environment));
  }

  /** An environment with the project in one of its states. */
  async loaded(variant: Variant): Promise<string> {
    const name = `with-${variant}`;
    if (this.has(name)) return name;
    await this.#load(name, await this.lines(variant));
    return name;
  }

  async #load(name: string, lines: string): Promise<void> {
    await using server = await this.start(name);
    const stream = createReadStream(this.file(lines), { highWaterMark: 1024 * 1024 });
    await server.client.metadata.load(Readable.toWeb(stream) as ReadableStream<Uint8Array>);
  }

  /** An environment that has the project, and no object in it. */
  async empty(): Promise<string> {
    if (this.has('empty')) return 'empty';
    await using server = await this.start('empty');
    await server.client.metadata.load(new Blob([projectLine()]).stream());
    return 'empty';
  }

  /** A copy under another name, in place of one that is there. */
  copy(environment: string, name: string): string {
    rmSync(this.file(name), { recursive: true, force: true });
    cpSync(this.file(environment), this.file(name), { recursive: true });
    return name;
  }

  remove(...names: readonly string[]): void {
    for (const name of names) rmSync(this.file(name), { recursive: true, force: true });
  }
}
