export { EXIT, type ExitCode } from './exit-codes.ts';
export { Interrupt, type CliIo, type OutputStream } from './io.ts';
export { main } from './main.ts';
export { repositoryServices, type EnvironmentConfig, type RunningServer, type Services } from './services.ts';
export { version } from './version.ts';
