export * from './errors.ts';
export * from './package-manifest.ts';
export * from './objects.ts';
export * from './searches.ts';
export * from './projects.ts';
export * from './metadata.ts';
export * from './auth.ts';
export * from './users.ts';
