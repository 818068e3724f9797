import type { ConsoleEnvironment, ConsoleSettings } from '@longshore/contracts';

/** How the console of an environment is set up; all empty unless the operator says otherwise. */
export interface ConsoleOptions {
  /** Marks this environment as one in which mistakes are dear. */
  readonly production: boolean;
  /** Environments, on this or another origin, to which the console may connect. */
  readonly environments: readonly ConsoleEnvironment[];
  /** Origins whose pages may call this environment's API, e.g. `https://dev.example.com`: where other consoles are served. */
  readonly allowedOrigins: readonly string[];
}

export const NO_CONSOLE_OPTIONS: ConsoleOptions = { production: false, environments: [], allowedOrigins: [] };

export type ConsoleSettingsService = () => ConsoleSettings;

export function createConsoleSettings(
  options: ConsoleOptions,
  self: () => { readonly name: string; readonly url: string },
): ConsoleSettingsService {
  return () => {
    const { name, url } = self();
    return { self: { name, url, production: options.production }, others: [...options.environments] };
  };
}
