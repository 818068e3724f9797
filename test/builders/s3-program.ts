import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A single-binary S3 gateway on a folder, Apache-2.0, built from its Go module. */
const MODULE = 'github.com/versity/versitygw';
const VERSION = 'v1.8.0';
const BUILD_MS = 15 * 60_000;

/**
 * The S3 server of the tests: that in `VERSITYGW`, the one that an earlier run has built, or one that is built now. It
 * is kept outside the repository, under `XDG_CACHE_HOME` or `~/.cache`.
 * @throws Error that says what is missing. A suite that cannot run has failed; it is never skipped.
 */
export function prepareS3Program(): string {
  const given = process.env['VERSITYGW'];
  if (given !== undefined && given !== '') return given;
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'longshore-tests');
  const folder = join(cache, `versitygw-${VERSION}`);
  const program = join(folder, 'versitygw');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(join(cache, 'building-'));
  try {
    build(building);
    // Another run may have been faster; its program is as good.
    if (!existsSync(program)) renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return program;
}

function build(folder: string): void {
  process.stdout.write(
    `The S3 server of the tests, ${MODULE} ${VERSION}, is built once; that takes a minute or two.\n`,
  );
  const { status, error } = spawnSync('go', ['install', `${MODULE}/cmd/versitygw@${VERSION}`], {
    stdio: 'inherit',
    timeout: BUILD_MS,
    env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' },
  });
  if (status === 0) return;
  const what = error
    ? `"go" cannot be run (${error.message})`
    : 'it could not be built; is the Go module proxy reachable?';
  throw new Error(
    `The S3 tests need a real S3 server, and ${what} Install Go 1.25 or later, or name a versitygw program in VERSITYGW.`,
  );
}
