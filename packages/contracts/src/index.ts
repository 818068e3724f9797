export * from './errors.ts';
export * from './package-manifest.ts';
