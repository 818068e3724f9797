// As the command does: what is kept of the sources is used from the first of them on, so that none is translated here.
import { keepCompiled } from '../packages/cli/bin/compile-cache.js';

keepCompiled();
await import('./server-process.ts');
