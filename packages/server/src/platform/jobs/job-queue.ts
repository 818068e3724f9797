import type { FastifyBaseLogger } from 'fastify';
import { fromKysely, PgBoss, type Job } from 'pg-boss';
import type { Executor } from '../db/database.ts';
import { runText } from '../db/bulk.ts';
import { postgresLocation, splitLocation } from '../db/location.ts';
import { NOTICES_CUTS } from '../db/postgres-pool.ts';
import type { JobLease } from './job-lease.ts';

/** What a job is about, to whoever works on it. */
export interface QueuedJob<Data> {
  readonly data: Data;
  readonly lease: JobLease;
  /** An earlier attempt was taken for dead: what it committed is in the journal, and nothing else is left of it. */
  readonly isRepeated: boolean;
}

/** Jobs in the PostgreSQL database of an environment, for any number of processes (ADR 16). */
export interface JobQueue<Data extends object> {
  /** Adds a job with the transaction that changes its record. Of the jobs of a group, one at a time is worked on. */
  enqueue<Tables>(tx: Executor<Tables>, data: Data, group: string | null): Promise<void>;
  /**
   * Lets the next free worker take the jobs that wait and whose data hold this, whatever their group is at: for jobs
   * that are not to be done any more.
   */
  hasten<Tables>(tx: Executor<Tables>, part: object): Promise<void>;
  /** Takes jobs from now on, so many at a time, until the queue is closed. A job whose `work` throws is repeated. */
  work(concurrency: number, work: (job: QueuedJob<Data>) => Promise<void>): Promise<void>;
  /** Takes no more jobs of any kind and waits for those that are worked on. */
  close(): Promise<void>;
}

/** The queues of an environment, over the same few connections. */
export interface JobQueues {
  /** Jobs of one kind, beside those of the others. */
  queue<Data extends object>(name: QueueName): JobQueue<Data>;
  /** As that of each queue. */
  close(): Promise<void>;
}

const NAMES = ['migrations', 'plans', 'reloads'] as const;
export type QueueName = (typeof NAMES)[number];

/** A worker that was not heard of for so long is taken for dead. */
const HEARTBEAT_SECONDS = 15;
/** How often workers that are dead are looked for, by every process. */
const SUPERVISE_SECONDS = 5;
/** The longest that pg-boss allows: a job is ended by the death of its worker, not by its length. */
const EXPIRE_SECONDS = 23 * 3600;
const POLL_SECONDS = 0.5;
const KEEP_ENDED_SECONDS = 24 * 3600;
/** Each attempt after the first only finds out what the one before it did. */
const ATTEMPTS = 50;

export interface JobQueueOptions {
  /** Address of the environment's database. */
  readonly database: string;
  /** Whether the queue's own tables are made and brought up to date, or have to be. */
  readonly tables: 'migrate' | 'check';
  readonly log: FastifyBaseLogger;
}

/** Opens the queues. */
export async function openJobQueues(options: JobQueueOptions): Promise<JobQueues> {
  const { database, log, tables } = options;
  const { address, schema } = splitLocation(postgresLocation(database, 'jobs'));
  const boss = new PgBoss({
    connectionString: address,
    schema,
    application_name: 'longshore jobs',
    // Handed on to the driver: a worker whose question was lost is to ask again, and not to wait for the answer.
    ...NOTICES_CUTS,
    max: 4,
    schedule: false,
    migrate: tables === 'migrate',
    createSchema: tables === 'migrate',
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'The job queue cannot be reached; it is tried again'));
  await boss.start();
  const settings = {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    retryLimit: ATTEMPTS,
    deleteAfterSeconds: KEEP_ENDED_SECONDS,
  };
  for (const name of NAMES) await boss.createQueue(name, settings);
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= boss.stop({ graceful: true, timeout: CLOSE_MS, close: true }));
  const table = `"${schema}".job`;
  return { close, queue: (name) => jobQueue({ boss, name, table, close }) };
}

interface QueueParts {
  readonly boss: PgBoss;
  readonly name: QueueName;
  readonly table: string;
  close(): Promise<void>;
}

function jobQueue<Data extends object>(parts: QueueParts): JobQueue<Data> {
  const { boss, name, table } = parts;
  return {
    async enqueue(tx, data, group) {
      const db = fromKysely(tx);
      await boss.send(name, data, { db, ...(group === null ? {} : { group: { id: group } }) });
    },
    async hasten(tx, part) {
      await runText(tx, HASTEN(table), [name, JSON.stringify(part)]);
    },
    async work(concurrency, work) {
      const options = {
        batchSize: 1,
        localConcurrency: concurrency,
        groupConcurrency: 1,
        pollingIntervalSeconds: POLL_SECONDS,
      } as const;
      await boss.work<Data>(name, options, async (jobs: Job<Data>[]) => {
        for (const { id, data, retryCount } of jobs) {
          await work({ data, lease: { table, id, attempt: retryCount }, isRepeated: retryCount > 0 });
        }
      });
    },
    close: () => parts.close(),
  };
}

const HASTEN = (table: string): string =>
  `UPDATE ${table} SET group_id = NULL, priority = 100
   WHERE name = ? AND state = 'created' AND data @> CAST(? AS JSONB)`;

/** How long a process that ends waits for its jobs; what is left then is another process's. */
const CLOSE_MS = 600_000;
