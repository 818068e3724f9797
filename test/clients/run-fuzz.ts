import { prepareSuite, runSuite } from './pytest-suite.ts';

/**
 * `npm run test:fuzz`: every endpoint of the OpenAPI document with generated input, good and bad, the same in every
 * run. Arguments go to pytest, e.g. `npm run test:fuzz -- -k searches`.
 */
const SUITE = new URL('fuzz/', import.meta.url);

process.exitCode = runSuite(SUITE, prepareSuite('fuzz', SUITE), {});
