export * from './objects/ids.ts';
export * from './objects/metadata-object.ts';
export * from './objects/canonical-json.ts';
export * from './objects/acl.ts';
export * from './objects/dates.ts';
export * from './objects/package-entry.ts';
export * from './rules/actions.ts';
