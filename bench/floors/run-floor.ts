import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FloorRun } from '../cases/case.ts';
import type { Workspace } from '../workspace.ts';

/** Seconds. */
export interface FloorTime {
  readonly wall: number;
  readonly cpu: number;
}

/** What a floor took until its database was closed, with all it wrote in its place. */
export interface FloorSample extends FloorTime {
  /** What it took until all it wrote was durable; a server tells the end of an import then. */
  readonly durable: FloorTime;
  readonly peakMemory: number;
  readonly objects: number;
}

const ENTRY = fileURLToPath(new URL('./floor-process.ts', import.meta.url));

export async function runFloor(workspace: Workspace, { name, input, output }: FloorRun): Promise<FloorSample> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ENTRY,
    name,
    workspace.file(input),
    workspace.file(output),
  ]);
  return JSON.parse(stdout) as FloorSample;
}

const databaseFiles = (name: string): string[] => [name, `${name}-wal`, `${name}-shm`];

export function removeDatabase(workspace: Workspace, name: string): void {
  for (const file of databaseFiles(name)) rmSync(workspace.file(file), { force: true });
}

/** A floor's database with one of the two states of the project. */
export async function floorDatabase(workspace: Workspace, variant: 'new' | 'old'): Promise<string> {
  const name = `floor-${variant}.sqlite`;
  if (existsSync(workspace.file(name))) return name;
  const input = await workspace.lines(variant);
  await runFloor(workspace, { name: 'load', input, output: name, prepare: async () => undefined });
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
  const input = await floorDatabase(workspace, 'new');
  await runFloor(workspace, { name: 'create', input, output: name, prepare: async () => undefined });
  return name;
}
