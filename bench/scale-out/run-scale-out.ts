import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { Migration } from '@longshore/client';
import { startPostgres, type PostgresServer } from '../../test/builders/postgres-server.ts';
import { PROJECT, projectLine, writeProject } from '../data.ts';
import { approve, createPackage, furtherImport, importPackage, undoImport } from '../migration.ts';
import { readOptions } from '../options.ts';
import { reportOf } from '../report.ts';
import { ResultsFile } from '../results-file.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { BenchServer, type BenchEngine } from '../server.ts';
import { median } from '../usage.ts';

/**
 * `npm run bench:scale-out -- --objects N --only SETTING[,SETTING…] --runs N --json FILE`: the same migrations on SQLite and on PostgreSQL, in turn
 * (docs/scale-out.md). Each figure is of one project alone, or of two at once; a setting is the engine and its workers.
 */

/** As an administrator would run it: what is committed outlives a power cut. */
const DURABLE = { fsync: 'on', full_page_writes: 'on', shared_buffers: '512MB', max_wal_size: '4GB' };

const OTHER = { id: 'BE9CBE9CBE9CBE9CBE9CBE9CBE9CBE9C', name: 'Benchmark, too' } as const;
const PROJECTS = [PROJECT, OTHER] as const;

interface Setting {
  readonly name: string;
  readonly engine: (environment: string) => BenchEngine;
}

type Step = 'create' | 'import' | 'undo';
const STEPS: readonly Step[] = ['create', 'import', 'undo'];

/** Seconds. `cpu` is that of the server, `databaseCpu` that of PostgreSQL's processes. */
interface Taken {
  readonly wall: number;
  readonly cpu: number;
  readonly databaseCpu: number;
}

interface Result extends Taken {
  readonly setting: string;
  readonly step: Step;
  readonly projects: number;
  readonly objectsPerSecond: number;
}

const options = readOptions(
  {
    name: 'npm run bench:scale-out --',
    description: 'The same migrations on SQLite and on PostgreSQL (docs/scale-out.md).',
    choices: ['sqlite', 'postgres-1', 'postgres-2'],
    sizes: 'one',
  },
  process.argv.slice(2),
);
const [objects = 10_000] = options.sizes;
const output = new ResultsFile(options.json);
const folder = scratchFolder('scale-out', options.folder);
const postgres = await startPostgres(DURABLE);

const onPostgres = (name: string, workers: number): Setting => ({
  name,
  engine: (environment) => ({ database: `${postgres.address}?schema=${environment}`, workers }),
});
const SETTINGS: readonly Setting[] = [
  { name: 'sqlite', engine: (): BenchEngine => ({}) },
  onPostgres('postgres-1', 1),
  onPostgres('postgres-2', 2),
].filter(({ name }) => options.only.length === 0 || options.only.includes(name));

/** The project under another id: ids of objects are of one project only. */
async function* linesOf(file: string, project: { readonly id: string; readonly name: string }): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const own = line.replaceAll(PROJECT.id, project.id);
    yield `${own.replace(`"name":"${PROJECT.name}"`, `"name":"${project.name}"`)}\n`;
  }
}

async function loadAll(server: BenchServer, texts: readonly AsyncIterable<string>[]): Promise<void> {
  for (const text of texts) {
    const bytes = Readable.from(text).map((line: string) => Buffer.from(line));
    await server.client.metadata.load(Readable.toWeb(bytes) as ReadableStream<Uint8Array>);
  }
}

class Bench {
  readonly #source: BenchServer;
  readonly #target: BenchServer;
  readonly #objects: number;
  #packages: Migration[] = [];

  private constructor(source: BenchServer, target: BenchServer, count: number) {
    this.#source = source;
    this.#target = target;
    this.#objects = count;
  }

  static async start(setting: Setting, index: number, file: string, count: number): Promise<Bench> {
    const start = (name: string): Promise<BenchServer> =>
      BenchServer.start(join(folder, String(index)), name, setting.engine(`${name}_${index}`));
    const [source, target] = [await start('source'), await start('target')];
    const empty = join(folder, 'empty.ndjson');
    writeFileSync(empty, projectLine());
    await loadAll(
      source,
      PROJECTS.map((project) => linesOf(file, project)),
    );
    await loadAll(
      target,
      PROJECTS.map((project) => linesOf(empty, project)),
    );
    return new Bench(source, target, count);
  }

  /** One round over as many projects at once, which leaves the target as it was. */
  async round(setting: string, projects: number): Promise<Result[]> {
    const chosen = PROJECTS.slice(0, projects);
    const created = await this.#measure(this.#source, () =>
      Promise.all(chosen.map((project) => createPackage(this.#source, project))),
    );
    this.#packages = [];
    for (const record of created.result) this.#packages.push(furtherImport(await approve(this.#source, record)));
    const imported = await this.#measure(this.#target, () =>
      Promise.all(this.#packages.map((record) => importPackage(this.#target, record))),
    );
    const undone = await this.#measure(this.#target, () =>
      Promise.all(this.#packages.map((record) => undoImport(this.#target, record))),
    );
    const taken: Record<Step, Taken> = { create: created, import: imported, undo: undone };
    return STEPS.map((step) => {
      const { wall, cpu, databaseCpu } = taken[step];
      const objectsPerSecond = Math.round((this.#objects * projects) / wall);
      return { setting, step, projects, wall, cpu, databaseCpu, objectsPerSecond };
    });
  }

  async #measure<T>(server: BenchServer, work: () => Promise<T>): Promise<Taken & { readonly result: T }> {
    const before = cpuOf(postgres);
    const { result, wall, cpu } = await server.measure(work);
    return { result, wall, cpu, databaseCpu: cpuOf(postgres) - before };
  }

  async close(): Promise<void> {
    await this.#source[Symbol.asyncDispose]();
    await this.#target[Symbol.asyncDispose]();
  }
}

const TICKS_PER_SECOND = 100;

/** Fields of a process in proc(5), from the third on; none when it has ended since it was listed. */
function statOf(process: string): readonly string[] {
  try {
    return readFileSync(`/proc/${process}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
  } catch {
    return [];
  }
}

const PARENT = 1;
const [USER, SYSTEM, USER_OF_ENDED, SYSTEM_OF_ENDED] = [11, 12, 13, 14];

const ticksOf = (stat: readonly string[], fields: readonly number[]): number =>
  fields.reduce((sum, field) => sum + Number(stat[field] ?? 0), 0);

/** Seconds of all processes of a server, of those that have ended too; Linux only. */
function cpuOf({ pid }: PostgresServer): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf);
  const children = stats.filter((stat) => stat[PARENT] === String(pid));
  const own = ticksOf(statOf(String(pid)), [USER, SYSTEM, USER_OF_ENDED, SYSTEM_OF_ENDED]);
  return children.reduce((sum, stat) => sum + ticksOf(stat, [USER, SYSTEM]), own) / TICKS_PER_SECOND;
}

/** Medians over all rounds of a setting, a step and a number of projects. */
function summarised(results: readonly Result[]): Result[] {
  const groups = Map.groupBy(results, ({ setting, step, projects }) => `${setting}/${step}/${projects}`);
  return [...groups.values()].map((group) => {
    const of = (key: 'wall' | 'cpu' | 'databaseCpu' | 'objectsPerSecond'): number =>
      median(group.map((result) => result[key]));
    const { setting = '', step = 'import', projects = 1 } = group[0] ?? {};
    const figures = { wall: of('wall'), cpu: of('cpu'), databaseCpu: of('databaseCpu') };
    return { setting, step, projects, ...figures, objectsPerSecond: Math.round(of('objectsPerSecond')) };
  });
}

function lineOf({ setting, step, projects, wall, cpu, databaseCpu, objectsPerSecond }: Result): string {
  const cells = [wall.toFixed(2), cpu.toFixed(2), databaseCpu.toFixed(2), String(objectsPerSecond)];
  return [setting.padEnd(20), step.padEnd(7), projects, ...cells.map((cell) => cell.padStart(8))].join(' ');
}

const results: Result[] = [];
const benches: Bench[] = [];

/** The settings in turn, so that what else the machine does meets all. */
async function roundOfAll(projects: number): Promise<Result[]> {
  const all: Result[] = [];
  for (const [index, { name }] of SETTINGS.entries())
    all.push(...((await benches[index]?.round(name, projects)) ?? []));
  return all;
}

try {
  const file = join(folder, 'project.ndjson');
  const count = await writeProject(file, objects, 'new');
  for (const [index, setting] of SETTINGS.entries()) benches.push(await Bench.start(setting, index, file, count));
  // Once without counting: threads start, connections are opened, files are read for the first time.
  await roundOfAll(PROJECTS.length);
  for (let run = 0; run < options.runs; run += 1) {
    for (const projects of [1, PROJECTS.length]) results.push(...(await roundOfAll(projects)));
  }
} finally {
  for (const bench of benches) await bench.close();
  await postgres.close();
}
const medians = summarised(results);
process.stdout.write(`setting, step, projects at once, wall s, cpu s, cpu s of PostgreSQL, objects/s\n`);
process.stdout.write(`${medians.map(lineOf).join('\n')}\n`);
output.put({ ...reportOf([], new Date()), objects, runs: options.runs, results: medians });
