import { describe, expect, test } from 'vitest';
import { findManifestProblem } from './package-manifest.ts';
import type { PackageManifest } from './package-manifest.ts';

const manifest: PackageManifest = {
  formatVersion: 1,
  platformVersion: '11.6.0700.00001',
  packageId: '35958BEB7C56491C9A43F7661501E177',
  kind: 'package',
  type: 'project',
  purpose: 'object_migration',
  name: '',
  createdAt: '2026-03-16T07:38:40.125+0000',
  creator: { id: '54F3D26011D2896560009A8E67019608', name: 'Administrator' },
  environment: { id: 'http://127.0.0.1:8080', name: 'dev' },
  project: { id: 'B19DEDCC11D4E0EFC000EB9495D0F44F', name: 'MicroStrategy Tutorial' },
  settings: { updateSchema: [], aclOnNewObjects: [], defaultAction: 'replace' },
};
const { project, ...configuration } = { ...manifest, type: 'configuration' as const };
const importId = 'B71E7ECF60104A62BA15625C444A623F';

describe('a package manifest', () => {
  test.each<[string, unknown]>([
    ['of a project package', manifest],
    ['of a configuration package', configuration],
    ['of an undo package', { ...manifest, kind: 'undo', purpose: 'undo', importId }],
    ['with keys that are not known', { ...manifest, later: 1, settings: { ...manifest.settings, later: 1 } }],
    ['with keys that are undefined', { ...manifest, importId: undefined, counts: undefined }],
    ['with counts', { ...manifest, counts: { entries: 3, content: 1, dependents: 1, ancestors: 1 } }],
  ])('%s is accepted', (_, value) => {
    expect(findManifestProblem(value)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['manifest', null],
    ['manifest', []],
    ['formatVersion', { ...manifest, formatVersion: 0 }],
    ['packageId', { ...manifest, packageId: manifest.packageId.toLowerCase() }],
    ['platformVersion', { ...manifest, platformVersion: 'latest' }],
    ['creator.name', { ...manifest, creator: { id: 'x', name: 1 } }],
    ['settings.defaultAction', { ...manifest, settings: { ...manifest.settings, defaultAction: 'existing' } }],
    ['settings.updateSchema', { ...manifest, settings: { ...manifest.settings, updateSchema: ['all'] } }],
    ['createdAt', { ...manifest, createdAt: '2026-03-16' }],
    ['counts.entries', { ...manifest, counts: { entries: -1, content: 0, dependents: 0, ancestors: 0 } }],
    ['importId', { ...manifest, importId }],
    ['importId', { ...manifest, kind: 'undo', purpose: 'undo' }],
    ['purpose', { ...manifest, kind: 'undo', importId }],
    ['purpose', { ...configuration, purpose: 'project_merge' }],
    ['settings.mergeRules', { ...manifest, settings: { ...manifest.settings, mergeRules: 'short' } }],
    ['project', { ...configuration, project }],
    ['project', { ...configuration, type: 'project_security' }],
  ])('with a wrong %s is refused by that name', (key, value) => {
    expect(findManifestProblem(value)).toContain(key);
  });
});
