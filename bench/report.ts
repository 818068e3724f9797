import { cpus, release, totalmem, type } from 'node:os';
import type { CaseResult } from './measure.ts';

export interface Report {
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memory: number;
    readonly system: string;
  };
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly cases: readonly CaseResult[];
}

export function reportOf(cases: readonly CaseResult[], date: Date): Report {
  const { node, v8, sqlite, zstd } = process.versions;
  return {
    date: date.toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memory: totalmem(),
      system: `${type()} ${release()}`,
    },
    versions: { longshore: process.env['npm_package_version'], node, v8, sqlite, zstd },
    cases,
  };
}

const HEADINGS = [
  'case',
  'objects',
  'wall s',
  'cpu s',
  'objects/s',
  'MB',
  'peak MB',
  'of floor',
  'tuned',
  'compared',
  'loop p99 ms',
  'max',
] as const;

const ratio = (value: number | null): string => value?.toFixed(2) ?? '';
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

function cells(result: CaseResult): string[] {
  const { ratioToCase } = result;
  return [
    result.case,
    String(result.objects),
    result.wall.toFixed(3),
    result.cpu.toFixed(2),
    String(result.objectsPerSecond ?? ''),
    result.bytes === 0 ? '' : megabytes(result.bytes),
    megabytes(result.peakMemory),
    ratio(result.ratioToFloor),
    ratio(result.ratioToTunedFloor),
    ratioToCase ? `${ratioToCase.ratio.toFixed(2)}x ${ratioToCase.case}` : '',
    result.eventLoopDelayP99.toFixed(1),
    result.eventLoopDelayMax.toFixed(0),
  ];
}

/** The results as a table in plain text, one line a case and one for its details. */
export function tableOf(results: readonly CaseResult[]): string {
  const rows = [HEADINGS.map(String), ...results.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '));
  return `${[lines[0], ...results.flatMap((result, index) => [lines[index + 1], ...detailLines(result)])].join('\n')}\n`;
}

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width);

function detailLines(result: CaseResult): string[] {
  const details = Object.entries(result.details ?? {});
  return details.length === 0
    ? []
    : [`    ${details.map(([name, value]) => `${name} ${Number(value.toFixed(2))}`).join(', ')}`];
}
