import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startServer, type RunningServer, type ServerConfig } from '@longshore/server';
import { aConfig, approvedPackage, importInto, twoEnvironments, undo, YEAR } from './two-environments.ts';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-operations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function aServer(changes: Partial<ServerConfig> = {}): Promise<RunningServer> {
  const server = await startServer(aConfig(await aFolder(), changes));
  onTestFinished(() => server.close());
  return server;
}

async function metricsOf(server: Pick<RunningServer, 'address'>): Promise<string> {
  const response = await fetch(`${server.address}/metrics`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  return response.text();
}

/** The value of the one series that starts so. */
function valueOf(text: string, series: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(series));
  expect(lines, series).toHaveLength(1);
  return Number(lines[0]?.split(' ').at(-1));
}

const WHOLE_YEAR = { content: [{ id: YEAR, type: 12, includeDependents: true }] };

describe('/metrics', () => {
  it('counts requests by route, jobs by kind and outcome, objects, and what the process does', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const record = await approvedPackage(dev, prod, WHOLE_YEAR);
    await importInto(prod, record);
    await undo(prod, record.id);
    await fetch(`${prod.running.address}/MicroStrategyLibrary/api/status`);
    for (const path of ['/api/there/is/none', '/api/a-secret-token', '/wp-login.php']) {
      await fetch(`${prod.running.address}${path}`);
    }
    const [source, target] = [await metricsOf(dev.running), await metricsOf(prod.running)];
    expect(valueOf(source, 'longshore_jobs_ended_total{kind="create",outcome="done",reason=""}')).toBe(1);
    expect(valueOf(source, 'longshore_job_objects_total{kind="create"}')).toBeGreaterThan(0);
    expect(valueOf(target, 'longshore_jobs_ended_total{kind="import",outcome="done",reason=""}')).toBe(1);
    expect(valueOf(target, 'longshore_jobs_ended_total{kind="undo",outcome="done",reason=""}')).toBe(1);
    expect(valueOf(target, 'longshore_jobs{kind="import",state="running"}')).toBe(0);
    expect(valueOf(target, 'longshore_jobs{kind="import",state="waiting"}')).toBe(0);
    expect(valueOf(target, 'longshore_job_objects_total{kind="import"}')).toBeGreaterThan(1);
    expect(valueOf(target, 'longshore_job_duration_seconds_count{kind="import",outcome="done"}')).toBe(1);
    expect(target).toContain('_count{method="PUT",route="/api/migrations/:');
    expect(target).toContain('route="/api/status"');
    expect(valueOf(target, 'longshore_component_ready{component="storage"}')).toBe(1);
    expect(target).toContain('nodejs_eventloop_lag_seconds');
    // Nothing that a caller makes up becomes a label, and no route stands twice.
    expect(target).not.toMatch(/secret-token|wp-login|there.is.none|MicroStrategyLibrary/);
    expect(target).not.toContain(record.packageInfo.id);
    expect(valueOf(target, 'longshore_http_request_duration_seconds_count{method="any",route="none"')).toBe(3);
  });

  it('counts what fails, and why', async () => {
    await using pair = await twoEnvironments();
    const { dev, prod } = pair;
    const record = await approvedPackage(dev, prod, { content: [{ id: YEAR, type: 12, action: 'delete' }] });
    await importInto(prod, record);
    const target = await metricsOf(prod.running);
    expect(valueOf(target, 'longshore_jobs_ended_total{kind="import",outcome="failed",reason="invalid"}')).toBe(1);
    await rm(join(pair.folder, 'storage'), { recursive: true });
    await expect(approvedPackage(dev, prod, WHOLE_YEAR)).rejects.toThrow();
    const text = await metricsOf(dev.running);
    expect(valueOf(text, 'longshore_storage_failures_total{operation="check"}')).toBeGreaterThan(0);
  });

  it('is there for programs on this machine; for a proxy, and where it is off, there is nothing', async () => {
    const here = await aServer({ name: 'here' });
    expect((await fetch(`${here.address}/metrics`)).status).toBe(200);
    for (const name of ['x-forwarded-for', 'forwarded', 'via']) {
      const response = await fetch(`${here.address}/metrics`, { headers: { [name]: '203.0.113.7' } });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'ERR004', message: 'HTTP 404 Not Found' });
    }
    const off = await aServer({ name: 'off', metrics: 'off' });
    expect((await fetch(`${off.address}/metrics`)).status).toBe(404);
    const open = await aServer({ name: 'open', metrics: 'open' });
    expect((await fetch(`${open.address}/metrics`, { headers: { via: 'proxy' } })).status).toBe(200);
  });
});

describe('/healthz', () => {
  it('tells apart what lives, what is ready, and what is missing', async () => {
    const folder = await aFolder();
    const config = aConfig(folder, {});
    const server = await startServer(config);
    onTestFinished(() => server.close());
    expect(await (await fetch(`${server.address}/healthz/live`)).json()).toEqual({ status: 'live' });
    const ready = await fetch(`${server.address}/healthz/ready`);
    const all = { metadata: true, library: true, storage: true };
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', ...all }]);
    await rm(config.storageLocation, { recursive: true });
    await vi.waitFor(
      async () => {
        const response = await fetch(`${server.address}/healthz/ready`);
        expect([response.status, await response.json()]).toEqual([
          503,
          { ...all, status: 'unavailable', storage: false },
        ]);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect((await fetch(`${server.address}/healthz/live`)).status).toBe(200);
    expect((await fetch(`${server.address}/api/status`)).status).toBe(200);
  });
});

describe('a server that is stopped', () => {
  it('says first that it is not ready, and still answers', async () => {
    const server = await aServer({ drain: { drainDelay: 2, drainTimeout: 10 } });
    const closed = server.close();
    const response = await fetch(`${server.address}/healthz/ready`);
    expect([response.status, await response.json()]).toMatchObject([503, { status: 'draining', metadata: true }]);
    expect((await fetch(`${server.address}/healthz/live`)).status).toBe(200);
    expect((await fetch(`${server.address}/api/status`)).status).toBe(200);
    await closed;
    await expect(fetch(`${server.address}/healthz/live`)).rejects.toThrow();
  });

  it('cuts at its limit a request that does not end', async () => {
    const server = await aServer({ drain: { drainDelay: 0, drainTimeout: 1 } });
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const head =
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n';
    await new Promise((resolve) => socket.write(`${head}{`, resolve));
    // The server has the request once it has answered one that came after it.
    await fetch(`${server.address}/api/status`);
    await server.close();
    if (!socket.closed) await once(socket, 'close');
  });
});
