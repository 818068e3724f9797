import { Type, type Static } from 'typebox';

/** An environment as the web console names and reaches it. */
export const ConsoleEnvironmentSchema = Type.Object({
  name: Type.String(),
  /** Library URL; it is the environment's id in migration records. */
  url: Type.String(),
  /** The console marks it, and asks more carefully before anything is deleted in it. */
  production: Type.Boolean(),
});
export type ConsoleEnvironment = Static<typeof ConsoleEnvironmentSchema>;

/** Answer of GET /api/longshore/console: which environment this is, and which others its console may connect to. */
export const ConsoleSettingsSchema = Type.Object({
  self: ConsoleEnvironmentSchema,
  others: Type.Array(ConsoleEnvironmentSchema),
});
export type ConsoleSettings = Static<typeof ConsoleSettingsSchema>;
