import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Routes } from '../../platform/http/app.ts';
import { errorHandler } from '../../platform/http/errors.ts';
import { languageRoutes } from '../languages/languages.routes.ts';
import { createLanguageAuthoring } from '../languages/language-authoring.service.ts';
import { createLanguagesService } from '../languages/languages.service.ts';
import type { ObjectContext } from '../objects/get-object.service.ts';
import { projectLockRoutes } from '../project-lock/project-lock.routes.ts';
import { createProjectLockService } from '../project-lock/project-lock.service.ts';
import { schemaLockRoutes } from '../schema-lock/schema-lock.routes.ts';
import { createSchemaLockService } from '../schema-lock/schema-lock.service.ts';
import type { ReloadJobs } from '../tasks/reload-jobs.service.ts';
import { createSchemaReloadService } from '../tasks/schema-reload.service.ts';
import { taskRoutes } from '../tasks/tasks.routes.ts';
import { changesetRoutes } from './changesets.routes.ts';
import { createChangesetsService } from './changesets.service.ts';
import { modelErrorBody } from './model-errors.ts';
import { modelRoutes } from './modeling.routes.ts';
import { createModelingService } from './modeling.service.ts';

export interface ModelingOptions {
  /** How this machine calls itself in locks. */
  readonly machineName: string;
  /** Takes on the reloads that nobody waits for. */
  readonly reloadJobs: ReloadJobs;
}

export interface Modeling {
  readonly routes: readonly Routes[];
}

/** Wires modeling, changesets, schema and project locks, schema reloads and languages. */
export function composeModeling(context: ObjectContext, options: ModelingOptions): Modeling {
  const { platform, ended } = context;
  const { machineName } = options;
  const reloads = createSchemaReloadService(platform, ended, options.reloadJobs);
  const models = createModelingService(context, ended);
  const changesets = createChangesetsService(context, ended);
  const schemaLocks = createSchemaLockService({ platform, ended, machineName });

  const languages = createLanguagesService(context);

  const modelApi: Routes = (app) => {
    void app.register((scope, _options, done) => {
      scope.setErrorHandler(errorHandler(modelErrorBody));
      const typed = scope.withTypeProvider<TypeBoxTypeProvider>();
      modelRoutes(typed, models);
      changesetRoutes(typed, changesets);
      schemaLockRoutes(typed, schemaLocks);
      taskRoutes(typed, reloads);
      done();
    });
  };
  const routes = [
    modelApi,
    projectLockRoutes(createProjectLockService({ platform, ended, machineName })),
    languageRoutes(languages, createLanguageAuthoring(context, languages)),
  ];
  return { routes };
}
