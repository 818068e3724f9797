import { ConsoleSettingsSchema } from '@longshore/contracts';
import type { Routes } from '../../platform/http/app.ts';
import type { ConsoleSettingsService } from './console-settings.service.ts';

/** What the console asks before anybody has signed in. It names environments; their addresses are in the CSP anyway. */
export const consoleRoutes =
  (settings: ConsoleSettingsService): Routes =>
  (app) => {
    app.get(
      '/longshore/console',
      {
        config: { access: { kind: 'public' } },
        schema: {
          tags: ['Longshore'],
          operationId: 'getConsoleSettings',
          summary: 'This environment, and those to which its console may connect',
          response: { 200: ConsoleSettingsSchema },
        },
      },
      () => settings(),
    );
  };
