import type { ProjectPlan } from '@longshore/samples';

/**
 * The heavy parts, loaded only by the commands that need them: `longshore dump` must not load a whole server.
 * Tests bring their own.
 */
export interface Services {
  readonly startServer: (config: EnvironmentConfig) => Promise<RunningServer>;
  /** NDJSON lines of a project of any size. */
  readonly generateProject: (plan: ProjectPlan) => Promise<Iterable<string>>;
}

/** How one environment is run; the configuration that `@longshore/server` takes. */
export interface EnvironmentConfig {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly url: string | null;
  readonly dataDirectory: string;
  readonly storageDirectory: string;
  readonly adminPassword: string | null;
  readonly sample: 'tutorial' | 'tutorial-prod' | null;
  readonly sessionTimeout: number;
  readonly maxPackageBytes: number;
  readonly nameClash: 'rename' | 'fail';
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

export interface RunningServer {
  /** Library URL. */
  readonly url: string;
  readonly address: string;
  /** Set when this start has made up the Administrator's password. */
  readonly generatedPassword: string | null;
  /** Lets running calls and jobs end. */
  close(): Promise<void>;
}

export const repositoryServices: Services = {
  async startServer(config) {
    const server = (await import('@longshore/server')) as unknown as Pick<Services, 'startServer'>;
    return server.startServer(config);
  },
  async generateProject(plan) {
    const samples = await import('@longshore/samples');
    return samples.generateProject(plan);
  },
};
