import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../platform/log/server-log.ts';
import { createMetrics } from '../platform/metrics/metrics.ts';
import { startProbeServer } from './probe-server.ts';

test('a worker answers to its supervisor and its monitor, and to nobody else', async () => {
  const components = { metadata: true, library: true, storage: false };
  let isDraining = false;
  const probe = await startProbeServer({
    host: '127.0.0.1',
    port: 0,
    log: createLog({ name: 'worker', level: 'silent' }),
    metrics: createMetrics('1'),
    access: 'loopback',
    readiness: {
      components: async () => components,
      report: async () => ({ status: isDraining ? 'draining' : 'unavailable', ...components }),
      startDraining: () => void (isDraining = true),
    },
  });
  onTestFinished(() => probe.close());
  const ready = await fetch(`${probe.address}/healthz/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable', ...components }]);
  expect((await fetch(`${probe.address}/healthz/live`)).status).toBe(200);
  const metrics = await (await fetch(`${probe.address}/metrics`)).text();
  expect(metrics).toContain('longshore_component_ready{component="storage"} 0');
  expect(metrics).toContain('longshore_component_ready{component="metadata"} 1');
  expect((await fetch(`${probe.address}/api/status`)).status).toBe(404);
});
