export { AtEnvironment } from './at-environment.tsx';
export type { Connection } from './connection.ts';
export { EnvironmentsProvider, useCurrent, useEnvironments, type Environments } from './environments.tsx';
export { ObjectLink } from './object-link.tsx';
export { IMPORT_PRIVILEGES, privilegeRefusal } from './privileges.ts';
