/** The Library server as others start it: the command line, the demonstration, tests. */
export type { ServerConfig } from './main/config.ts';
export { startServer, type RunningServer } from './main/server.ts';
export { copyEnvironment, migrateEnvironment, type CopyResult } from './main/copy-environment.ts';
export { startWorker, type RunningWorker } from './main/worker.ts';
