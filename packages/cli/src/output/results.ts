import { describePlan } from '../plan/describe-plan.ts';
import type { PlanReport } from '../plan/read-plan.ts';
import type { LoadResult } from '@longshore/contracts';

/** What a command has reached: the JSON document of `--json`, and the lines at the end for people. */

export interface MigrateResult {
  readonly command: 'migrate' | 'migrate undo';
  readonly id: string;
  readonly source?: string;
  readonly target: string;
  readonly package: {
    readonly id: string;
    readonly name?: string;
    readonly status: string;
    readonly objects?: number;
    readonly size?: number;
  };
  readonly import: {
    readonly id: string;
    readonly status: string;
    readonly message?: string;
    readonly undoPackage: 'present' | 'absent';
  };
  /** Sides on which the package has been deleted. */
  readonly deletedOn: readonly string[];
  readonly warnings: readonly string[];
}

/** One migration as one side keeps it. */
export interface StatusRow {
  readonly side: string;
  readonly url: string;
  readonly id: string;
  readonly name: string;
  readonly packageStatus: string;
  readonly packageProgress: number;
  readonly importStatus: string;
  readonly importProgress: number;
  readonly importRequestStatus: string;
  readonly undoRequestStatus: string;
  readonly message: string;
}

export interface StatusResult {
  readonly command: 'migrate status';
  readonly migrations: readonly StatusRow[];
}

export interface LoadedResult extends LoadResult {
  readonly command: 'load';
  readonly server: string;
}

export interface PlanResult extends PlanReport {
  readonly command: 'plan';
  readonly source: string;
}

export interface ValidateResult {
  readonly command: 'validate';
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly status: 'validated';
  /** Warnings; empty when there are none. */
  readonly message: string;
}

export interface CertifyResult {
  readonly command: 'certify';
  readonly id: string;
  readonly source: string;
  readonly certification: string;
}

export interface CancelResult {
  readonly command: 'cancel';
  readonly id: string;
  readonly server: string;
  /** What the package or the import is now; null for a validation, which its target keeps no record of. */
  readonly status: string | null;
  readonly message: string;
}

export type CommandResult =
  | MigrateResult
  | StatusResult
  | LoadedResult
  | PlanResult
  | ValidateResult
  | CertifyResult
  | CancelResult;

export function describeResult(result: CommandResult): string[] {
  switch (result.command) {
    case 'load':
      return describeLoad(result);
    case 'migrate status':
      return result.migrations.length === 0 ? ['No migrations.'] : result.migrations.flatMap(describeRow);
    case 'plan':
      return describePlan(result);
    case 'validate':
      return [`Migration ${result.id}: validated on ${result.target}.`, ...(result.message ? [result.message] : [])];
    case 'certify':
      return [`Migration ${result.id}: the package is ${result.certification} on ${result.source}.`];
    case 'cancel':
      return describeCancelled(result);
    case 'migrate':
    case 'migrate undo':
      return describeMigration(result);
    default:
      return result satisfies never;
  }
}

function describeCancelled({ id, server, status, message }: CancelResult): string[] {
  if (status === null) return [`Migration ${id}: the validation is being cancelled on ${server}.`];
  return [`Migration ${id}: ${status} on ${server}.`, ...(message ? [message] : [])];
}

function describeLoad(result: LoadedResult): string[] {
  const { projects, objects, created, updated, bytes, server } = result;
  const what = `${counted(objects, 'object')} (${created} new, ${updated} changed), ${counted(projects, 'project')}`;
  return [`Loaded ${what}, ${bytesText(bytes)} into ${server}.`];
}

function describeRow(row: StatusRow): string[] {
  const state = [
    `package ${row.packageStatus} ${row.packageProgress} %`,
    `import ${row.importStatus} ${row.importProgress} %`,
    `import request ${row.importRequestStatus}`,
    `undo request ${row.undoRequestStatus}`,
  ];
  const lines = [`${row.side} ${row.id} ${row.name}`, `  ${state.join(', ')}`];
  return row.message === '' ? lines : [...lines, `  ${row.message}`];
}

function describeMigration(result: MigrateResult): string[] {
  const { package: made, import: done } = result;
  const objects = made.objects === undefined ? '' : `, ${counted(made.objects, 'object')}`;
  const size = made.size === undefined ? '' : `, ${bytesText(made.size)}`;
  const lines = [`Migration ${result.id}: ${done.status} on ${result.target}${objects}${size}.`];
  if (done.message) lines.push(done.message);
  if (result.deletedOn.length > 0) lines.push(`Package deleted on ${result.deletedOn.join(' and ')}.`);
  else if (done.status === 'imported' && done.undoPackage === 'present') {
    lines.push(`To undo it: longshore migrate undo --target ${result.target} --id ${result.id}`);
  } else if (done.status === 'imported') lines.push('There is no undo package: this import cannot be undone.');
  return lines;
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Bytes for people: 999 bytes, 1.5 kB, 2.1 MB. */
export function bytesText(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return counted(bytes, 'byte');
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
