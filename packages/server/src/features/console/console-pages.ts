import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleOptions } from './console-settings.service.ts';

const PREFIX = '/console';
const ONE_YEAR_SECONDS = 31_536_000;

/** Where `npm run build:console` puts the console. */
export function builtConsole(): string {
  return fileURLToPath(new URL('dist/', import.meta.resolve('@longshore/console/package.json')));
}

/**
 * Serves the built console at `/console/`. Addresses inside it are the console's own, so that every one of them gives
 * the same page; the files that the page names carry a hash and never change.
 */
export function registerConsolePages(
  app: FastifyInstance,
  options: Pick<ConsoleOptions, 'environments'>,
  folder = builtConsole(),
): void {
  for (const address of ['/MicroStrategyLibrary/console', '/MicroStrategyLibrary/console/*']) {
    app.get(address, { schema: { hide: true } }, (request, reply) =>
      // With its slashes, which may be doubled: two of them at the start would name another host.
      reply.redirect(request.url.replace(/^\/+MicroStrategyLibrary\/+/, '/')),
    );
  }
  void app.register(
    async (scope) => {
      const policy = contentSecurityPolicy(options);
      scope.addHook('onSend', async (_request, reply) => {
        void reply.header('content-security-policy', policy);
      });
      if (existsSync(`${folder}index.html`)) await servePages(scope, folder);
      else explainMissingBuild(scope);
    },
    { prefix: PREFIX },
  );
}

async function servePages(scope: FastifyInstance, folder: string): Promise<void> {
  await scope.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    index: false,
    redirect: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes('/assets/');
      void reply.header('cache-control', isHashed ? `public, max-age=${ONE_YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
  scope.get('/', { schema: { hide: true } }, page);
  scope.setNotFoundHandler(page);
}

const page = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  isFile(request.url)
    ? reply.code(404).type('text/plain').send('The console has no such file.')
    : reply.sendFile('index.html');

/** A file that is missing must not be answered with a page: a browser would take it for a script. */
const isFile = (url: string): boolean => url.startsWith(`${PREFIX}/assets/`);

const explain = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply
    .code(503)
    .type('text/plain; charset=utf-8')
    .send(
      'The console has not been built. Run `npm run build:console` in the repository, then start the server again.',
    );

function explainMissingBuild(scope: FastifyInstance): void {
  scope.get('/', { schema: { hide: true } }, explain);
  scope.get('/*', { schema: { hide: true } }, explain);
}

/**
 * Scripts and styles come from files of this server alone, and nothing is sent anywhere but to the environments that
 * the operator has named.
 */
export function contentSecurityPolicy({ environments }: Pick<ConsoleOptions, 'environments'>): string {
  const origins = new Set(environments.map(({ url }) => new URL(url).origin));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    ["connect-src 'self'", ...origins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
