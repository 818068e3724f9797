import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { StoreOperation } from '../files/current-file-store.ts';
import type { Answered } from '../http/app.ts';
import type { EndedJob, JobObserver } from '../jobs/job-observer.ts';

/** What a server counts about itself; each server of a process has its own. */
export interface Metrics {
  readonly answered: (answer: Answered) => void;
  readonly jobs: JobObserver;
  readonly storageFailed: (operation: StoreOperation) => void;
  /** Asked at each scrape: what the server needs, and whether it is there. */
  watchComponents(states: () => Promise<Readonly<Record<string, boolean>>>): void;
  /** In the text format of Prometheus. The figures of the process are collected from the first call on. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const JOB_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/**
 * All labels have few values: methods and templates of routes that exist, kinds of jobs, kinds of errors. Nothing that
 * a caller can invent becomes one.
 */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({ name: 'longshore_info', help: 'Version of this server', labelNames: ['version'], registers }).set(
    { version },
    1,
  );
  let isProcessWatched = false;
  return {
    answered: requestMetrics(registers),
    jobs: jobMetrics(registers),
    storageFailed: storageMetrics(registers),
    watchComponents: (states) => watchComponents(registry, states),
    async render() {
      if (!isProcessWatched) collectDefaultMetrics({ register: registry });
      isProcessWatched = true;
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function requestMetrics(registers: Registry[]): Metrics['answered'] {
  const seconds = new Histogram({
    name: 'longshore_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer, by route template and status',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  return ({ method, route, status, seconds: taken }) =>
    seconds.observe({ method: route === null ? 'any' : method, route: route ?? 'none', status }, taken);
}

function jobMetrics(registers: Registry[]): JobObserver {
  const now = new Gauge({
    name: 'longshore_jobs',
    help: 'Jobs of this process that wait or run; those that wait are its queue',
    labelNames: ['kind', 'state'],
    registers,
  });
  const count = endedJobs(registers);
  return {
    submitted(kind) {
      let state: 'waiting' | 'running' = 'waiting';
      now.inc({ kind, state });
      return {
        started() {
          now.dec({ kind, state });
          state = 'running';
          now.inc({ kind, state });
        },
        ended(end) {
          now.dec({ kind, state });
          count(kind, end);
        },
      };
    },
  };
}

function endedJobs(registers: Registry[]): (kind: string, end: EndedJob) => void {
  const ended = new Counter({
    name: 'longshore_jobs_ended_total',
    help: 'Jobs that ended: done, failed with a reason, or lost with their thread',
    labelNames: ['kind', 'outcome', 'reason'],
    registers,
  });
  const seconds = new Histogram({
    name: 'longshore_job_duration_seconds',
    help: 'From when this process has a job to its end, a wait for its turn included',
    labelNames: ['kind', 'outcome'],
    buckets: JOB_SECONDS,
    registers,
  });
  const objects = new Counter({
    name: 'longshore_job_objects_total',
    help: 'Objects that jobs have handled; the rate is objects per second',
    labelNames: ['kind'],
    registers,
  });
  return (kind, { outcome, reason, seconds: taken, objects: handled }) => {
    ended.inc({ kind, outcome, reason: reason ?? '' });
    seconds.observe({ kind, outcome }, taken);
    objects.inc({ kind }, handled);
  };
}

function storageMetrics(registers: Registry[]): Metrics['storageFailed'] {
  const failures = new Counter({
    name: 'longshore_storage_failures_total',
    help: 'Calls that the shared file store has failed, without those of jobs (see longshore_jobs_ended_total)',
    labelNames: ['operation'],
    registers,
  });
  return (operation) => failures.inc({ operation });
}

function watchComponents(registry: Registry, states: () => Promise<Readonly<Record<string, boolean>>>): void {
  const ready = new Gauge({
    name: 'longshore_component_ready',
    help: '1 when it can be used: metadata and library database, storage',
    labelNames: ['component'],
    registers: [],
    async collect() {
      for (const [component, isReady] of Object.entries(await states())) this.set({ component }, isReady ? 1 : 0);
    },
  });
  registry.registerMetric(ready);
}
