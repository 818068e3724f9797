import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentConfig } from '../src/serve/environment.ts';
import { ConfigFile } from '../src/settings/config-file.ts';
import { resolveSettings } from '../src/settings/resolve-settings.ts';
import { SETTING_KEYS, SETTINGS } from '../src/settings/settings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: unknown): string {
  const path = join(folder, 'longshore.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const resolve = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  resolveSettings({ flags, env, cwd: '/work' });

describe('settings of a server', () => {
  it('takes the flag before the environment, that before the file, that before the default', () => {
    const config = file({ port: 1, host: 'file', name: 'file', sessionTimeout: 60 });
    const settings = resolve({ config, port: '3' }, { LONGSHORE_PORT: '2', LONGSHORE_HOST: 'env' });
    expect(settings).toMatchObject({ port: 3, host: 'env', name: 'file', sessionTimeout: 60, nameClash: 'rename' });
  });

  it('can be given in every place, by flag, variable and key', () => {
    expect(Object.keys(ConfigFile.properties).toSorted()).toEqual(SETTING_KEYS.toSorted());
    for (const key of SETTING_KEYS) {
      const dashed = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(SETTINGS[key].flag.split(' ')[0]).toBe(`--${dashed}`);
      expect(SETTINGS[key].env).toBe(`LONGSHORE_${dashed.toUpperCase().replaceAll('-', '_')}`);
    }
  });

  it('finds the file through the environment, and takes an empty variable as absent', () => {
    const settings = resolve({}, { LONGSHORE_CONFIG: file({ name: 'file' }), LONGSHORE_HOST: '', LONGSHORE_NAME: '' });
    expect(settings).toMatchObject({ name: 'file', host: '127.0.0.1' });
  });

  it('starts relative paths of a file at the file, others at the working folder', () => {
    const settings = resolve({ config: file({ data: 'data' }), storage: 'storage' });
    expect(settings.data).toBe(join(folder, 'data'));
    expect(settings.storage).toBe('/work/storage');
  });

  it('leaves a bucket as it was written, and reads where it is', () => {
    const config = file({ storage: 's3://packages/dev', s3Region: 'eu-west-1', s3Addressing: 'virtual' });
    const settings = resolve({ config, s3Endpoint: 'https://s3.example.com:9000/' });
    expect(environmentConfig(settings, '/work')).toMatchObject({
      storageLocation: 's3://packages/dev',
      s3: { endpoint: 'https://s3.example.com:9000', region: 'eu-west-1', addressing: 'virtual' },
    });
  });

  it.each([
    ['500', 500],
    ['10KB', 10_240],
    ['1mb', 1_048_576],
    ['2GB', 2_147_483_648],
  ])('reads the size %s', (text, bytes) => expect(resolve({ maxPackageSize: text }).maxPackageSize).toBe(bytes));

  it.each([
    [{ storage: 's3://No_Bucket' }, /^--storage: must start with the name of a bucket.*not "s3:\/\/No_Bucket"\.$/],
    [{ storage: 's3://bucket/../a' }, /^--storage: must have a prefix/],
    [{ s3Endpoint: 's3.example.com' }, /^--s3-endpoint: must be an address such as/],
    [{ s3Addressing: 'dns' }, '--s3-addressing: must be one of path, virtual, not "dns".'],
    [{ port: '65536' }, '--port: must be a whole number from 0 to 65535, not "65536".'],
    [{ port: '-1' }, '--port: must be a whole number'],
    [{ url: 'host/x' }, '--url: must be an http(s) URL'],
    [{ nameClash: 'overwrite' }, '--name-clash: must be one of rename, fail, not "overwrite".'],
    [{ maxPackageSize: '3GB' }, '--max-package-size: must be a size up to 2GB'],
    [{ maxPackageSize: '0' }, '--max-package-size: must be a size'],
    [{ sessionTimeout: '0' }, '--session-timeout: must be a whole number'],
    [{ database: 'postgres://' }, '--database: must be sqlite, or an address such as postgres://'],
    [{ database: 'mysql' }, 'not "mysql".'],
    [{ adminPassword: '' }, '--admin-password: must not be empty.'],
  ])('refuses the flag %j', (flags, message) => expect(() => resolve(flags)).toThrow(message));

  it('names the variable that is wrong', () => {
    expect(() => resolve({}, { LONGSHORE_PORT: 'x' })).toThrow('LONGSHORE_PORT: must be a whole number');
  });

  it.each([
    ['{', 'is no JSON'],
    [{ ports: 8080 }, 'unknown setting ports; known are name, host'],
    [{ port: '8080' }, 'port must be integer'],
    [{ nameClash: 'overwrite' }, 'nameClash must be equal to one of the allowed values'],
    [{ maxPackageSize: '9GB' }, 'longshore.json: maxPackageSize: must be a size up to 2GB'],
    [[], 'the whole must be object'],
  ])('names the file and the field of %j', (content, message) => {
    const config = file(content);
    expect(() => resolve({ config })).toThrow(config);
    expect(() => resolve({ config })).toThrow(message);
  });

  it('names a file that is missing', () => {
    expect(() => resolve({ config: 'nowhere.json' })).toThrow(
      'The configuration file /work/nowhere.json cannot be read.',
    );
  });

  it('reads the environments of the console and the origins that may call', () => {
    const settings = resolve({
      production: 'yes',
      consoleEnvironments: 'dev=https://dev.example.com/MicroStrategyLibrary, prod=http://127.0.0.1:81#production',
      allowedOrigins: 'https://dev.example.com,http://127.0.0.1:81',
    });
    expect(environmentConfig(settings, '/work').console).toEqual({
      production: true,
      environments: [
        { name: 'dev', url: 'https://dev.example.com/MicroStrategyLibrary', production: false },
        { name: 'prod', url: 'http://127.0.0.1:81', production: true },
      ],
      allowedOrigins: ['https://dev.example.com', 'http://127.0.0.1:81'],
    });
  });

  it.each([
    [{ consoleEnvironments: 'https://dev.example.com' }],
    [{ consoleEnvironments: 'dev=ftp://dev.example.com' }],
    [{ allowedOrigins: '*' }],
    [{ allowedOrigins: 'https://dev.example.com/' }],
    [{ production: 'maybe' }],
  ])('refuses the console setting %j', (flags) => {
    expect(() => resolve(flags)).toThrow(/must be/);
  });

  it('becomes the configuration of an environment with folders of its own', () => {
    expect(environmentConfig(resolve({ name: 'dev', sample: 'tutorial-prod' }), '/work')).toEqual({
      console: { production: false, environments: [], allowedOrigins: [] },
      name: 'dev',
      host: '127.0.0.1',
      port: 8080,
      url: null,
      warmUp: 'fromStart',
      dataDirectory: '/work/.longshore/dev',
      storageLocation: '/work/.longshore/storage',
      s3: { endpoint: null, region: null, addressing: null },
      metrics: 'loopback',
      probePort: null,
      drain: { drainDelay: 0, drainTimeout: 300 },
      adminPassword: null,
      sample: 'tutorial-prod',
      sessionTimeout: 1800,
      maxPackageBytes: 2_147_483_648,
      maxGroupMembers: 100,
      nameClash: 'rename',
      logLevel: 'info',
    });
    expect(environmentConfig(resolve(), '/work').sample).toBeNull();
  });
});
