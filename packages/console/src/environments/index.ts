export type { Connection } from './connection.ts';
export { EnvironmentsProvider, useCurrent, useEnvironments, type Environments } from './environments.tsx';
