import type { ProjectPlan } from '@longshore/samples';
import type { CopyResult, RunningServer, RunningWorker, ServerConfig } from '@longshore/server';

/**
 * The heavy parts, loaded only by the commands that need them: `longshore dump` must not load a whole server.
 * Tests bring their own.
 */
export interface Services {
  readonly startServer: (config: EnvironmentConfig) => Promise<RunningServer>;
  readonly startWorker: (config: EnvironmentConfig) => Promise<RunningWorker>;
  readonly migrateEnvironment: (place: string) => Promise<void>;
  readonly copyEnvironment: (from: string, to: string) => Promise<CopyResult>;
  /** NDJSON lines of a project of any size. */
  readonly generateProject: (plan: ProjectPlan) => Promise<Iterable<string>>;
}

export type { RunningServer };
/** How one environment is run. */
export type EnvironmentConfig = ServerConfig;

export const repositoryServices: Services = {
  async startServer(config) {
    const server = await import('@longshore/server');
    return server.startServer(config);
  },
  async startWorker(config) {
    const server = await import('@longshore/server');
    return server.startWorker(config);
  },
  async migrateEnvironment(place) {
    const server = await import('@longshore/server');
    return server.migrateEnvironment(place);
  },
  async copyEnvironment(from, to) {
    const server = await import('@longshore/server');
    return server.copyEnvironment(from, to);
  },
  async generateProject(plan) {
    const samples = await import('@longshore/samples');
    return samples.generateProject(plan);
  },
};
