import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FloorRun } from '../cases/case.ts';
import type { Variant } from '../data.ts';
import type { Workspace } from '../workspace.ts';
import type { FloorTask, Tuning } from './schema.ts';

/** Seconds and bytes. */
export interface FloorSample {
  readonly wall: number;
  readonly cpu: number;
  readonly peakMemory: number;
  readonly objects: number;
}

export interface FloorOrder extends FloorTask {
  readonly name: 'create' | 'import' | 'replace' | 'load' | 'dump';
}

const ENTRY = fileURLToPath(new URL('./floor-process.ts', import.meta.url));

/** @param floor with its files by their names in the workspace */
async function run(workspace: Workspace, { input, output, ...floor }: FloorOrder): Promise<FloorSample> {
  const order: FloorOrder = { ...floor, input: workspace.file(input), output: workspace.file(output) };
  const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, JSON.stringify(order)]);
  return JSON.parse(stdout) as FloorSample;
}

export async function runFloor(workspace: Workspace, floor: FloorRun, tuning: Tuning): Promise<FloorSample> {
  return run(workspace, { name: floor.name, ...(await floor.prepare(workspace, tuning)), tuning });
}

const databaseFiles = (name: string): string[] => [name, `${name}-wal`, `${name}-shm`];

export function removeDatabase(workspace: Workspace, name: string): void {
  for (const file of databaseFiles(name)) rmSync(workspace.file(file), { force: true });
}

/** A floor's database with one of the two states of the project. */
export async function floorDatabase(workspace: Workspace, variant: Variant, tuning: Tuning): Promise<string> {
  const name = `floor-${tuning}-${variant}.sqlite`;
  if (existsSync(workspace.file(name))) return name;
  await run(workspace, { name: 'load', input: await workspace.lines(variant), output: name, tuning });
  return name;
}

export function copyDatabase(workspace: Workspace, from: string, to: string): void {
  removeDatabase(workspace, to);
  copyFileSync(workspace.file(from), workspace.file(to));
}

/** A package as the floor writes it. */
export async function floorPackage(workspace: Workspace): Promise<string> {
  const name = 'floor-package.zst';
  if (existsSync(workspace.file(name))) return name;
  const input = await floorDatabase(workspace, 'new', 'plain');
  await run(workspace, { name: 'create', input, output: name, tuning: 'plain' });
  return name;
}
