#!/usr/bin/env -S node --max-semi-space-size=8
// Plain JavaScript of old days: this file must load on any Node, to say which one is needed.
// The option bounds what Node keeps for young objects, in MB: by itself it takes up to 130, a third of what a server may.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major >= NEEDED) {
  start().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  const own = findOwnNode();
  if (own === undefined || process.env['LONGSHORE_REEXEC'] === '1') {
    console.error(
      `longshore needs Node ${NEEDED} or newer; this is ${process.versions.node}. Run "npm ci" in the repository, which brings one.`,
    );
    process.exitCode = 1;
  } else {
    handOver(own);
  }
}

/** What is loaded here needs a Node that is new enough. */
async function start() {
  const { keepCompiled } = await import('./compile-cache.js');
  keepCompiled();
  const { run } = await import('../src/run.ts');
  await run();
}

/** The Node that `npm ci` brings, in the node_modules of this repository or of one that contains it. */
function findOwnNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'node_modules', 'node', 'bin', name);
    if (existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function handOver(node) {
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, LONGSHORE_REEXEC: '1' },
  });
  // This process must outlive the other to pass on its exit code. A terminal sends Ctrl-C to both, others only to this one.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`longshore could not start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (constants.signals[signal] || 0) : code;
  });
}
