export * from './errors.ts';
export * from './package-manifest.ts';
export * from './migrations.ts';
