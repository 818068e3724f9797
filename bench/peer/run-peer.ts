import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createCase, importCase } from '../cases/packages.ts';
import { measureCase, type CaseResult } from '../measure.ts';
import { readOptions } from '../options.ts';
import { reportOf } from '../report.ts';
import { ResultsFile } from '../results-file.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { median } from '../usage.ts';
import { Workspace } from '../workspace.ts';
import { countThings, fillPeer } from './peer-database.ts';
import { installPeer, PEER_VERSIONS, peerNode } from './strapi-project.ts';

/**
 * `npm run bench:peer -- --objects N --runs N --folder DIR --json FILE`: Strapi's export and import of the same number of
 * objects beside ours, in turn. The peer's times are of the whole command; what it takes for a project without content
 * is measured, too, and taken off, because ours is a server that runs already.
 */

const options = readOptions(
  {
    name: 'npm run bench:peer --',
    description: 'Strapi beside Longshore: export and import of the same number of objects (docs/performance.md).',
    sizes: 'several',
  },
  process.argv.slice(2),
);
const file = new ResultsFile(options.json);
const folder = scratchFolder('peer', options.folder);
/** An installation of an earlier run is used again when it is named: making one takes minutes. */
const installed = process.env['PEER_FOLDER'];
const app = installed ?? join(folder, 'strapi');

function strapi(database: string, ...args: string[]): number {
  const started = performance.now();
  execFileSync(peerNode(app), [join('node_modules', '@strapi', 'strapi', 'bin', 'strapi.js'), ...args], {
    cwd: app,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PEER_DATABASE: database, NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true' },
  });
  return (performance.now() - started) / 1000;
}

const database = (name: string): string => join(folder, `${name}.db`);

function exportTo(file: string, from: string): number {
  rmSync(`${file}.tar`, { force: true });
  return strapi(from, 'export', '--no-encrypt', '--no-compress', '-f', file);
}

function importFrom(file: string): number {
  copyFileSync(database('empty'), database('target'));
  return strapi(database('target'), 'import', '--force', '-f', `${file}.tar`);
}

interface Turn {
  readonly startExport: number;
  readonly export: number;
  readonly startImport: number;
  readonly import: number;
  readonly create: CaseResult;
  readonly imported: CaseResult;
}

/** Each of the peer's commands beside ours. */
async function takeTurn(workspace: Workspace): Promise<Turn> {
  const [nothing, all] = [join(folder, 'nothing'), join(folder, 'all')];
  const startExport = exportTo(nothing, database('empty'));
  const exported = exportTo(all, database('full'));
  const create = await measureCase(createCase, workspace, 1);
  const startImport = importFrom(nothing);
  const imported = importFrom(all);
  const things = countThings(database('target'));
  if (things < workspace.objects) throw new Error(`The peer has imported ${things} objects.`);
  return {
    startExport,
    export: exported,
    startImport,
    import: imported,
    create,
    imported: await measureCase(importCase, workspace, 1),
  };
}

async function measureSize(size: number): Promise<object> {
  const workspace = await Workspace.create(folder, size);
  copyFileSync(database('empty'), database('full'));
  await fillPeer(database('full'), workspace.file('new.ndjson'));
  const turns: Turn[] = [];
  for (let run = 0; run < options.runs; run += 1) turns.push(await takeTurn(workspace));
  rmSync(workspace.folder, { recursive: true });
  const peer = {
    create: median(turns.map((turn) => turn.export - turn.startExport)),
    import: median(turns.map((turn) => turn.import - turn.startImport)),
  };
  const longshore = {
    create: median(turns.map((turn) => turn.create.wall)),
    import: median(turns.map((turn) => turn.imported.wall)),
  };
  const timesFaster = { create: peer.create / longshore.create, import: peer.import / longshore.import };
  return { objects: workspace.objects, runs: turns.length, peer, longshore, timesFaster, turns };
}

mkdirSync(app, { recursive: true });
if (installed === undefined) installPeer(app);
execFileSync(peerNode(app), ['load.js'], {
  cwd: app,
  stdio: 'inherit',
  env: { ...process.env, PEER_DATABASE: database('empty') },
});
const results: object[] = [];
for (const size of options.sizes) {
  results.push(await measureSize(size));
  const { machine, versions, date } = reportOf([], new Date());
  file.put({ date, machine, versions, peer: PEER_VERSIONS, results });
}
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
