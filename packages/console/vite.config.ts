import { defineConfig } from 'vite';

/** The console is served at `/console/` by the server itself; nothing is inlined, because its CSP allows none of it. */
export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // Libraries mark files for frameworks that render on a server; here that means nothing.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: { proxy: { '/MicroStrategyLibrary': 'http://127.0.0.1:8080' } },
});
