import type { PackageManifest } from '@longshore/contracts';
import { scopeOf } from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { updateSchema } from '../../schema/schema-update.ts';
import { SCHEMA_TYPES } from '../schema-types.ts';
import { applyPlan } from './apply.repository.ts';
import type { ImportWork, ImportWorkInput } from './import-work.ts';
import { planImport } from './plan-import.ts';
import { writeTranslations } from './write-translations.ts';
import { writeDuplicates } from './write-duplicates.ts';

/** Imports the objects of a project, or of the configuration. */
export function objectWork(input: ImportWorkInput): ImportWork {
  const { order, manifest } = input;
  const { settings } = manifest;
  const scope = scopeOf(order.projectId);
  return {
    scope,
    async plan(tx, now) {
      const plan = await planImport(tx, {
        job: order,
        scope,
        now,
        settings: {
          aclOnReplacingObjects: settings.aclOnReplacingObjects ?? null,
          aclOnNewObjects: settings.aclOnNewObjects,
          translationAction: settings.translationAction ?? null,
          validateDependencies: settings.validateDependencies ?? true,
        },
        completeStaging: (reading) => input.completeStaging(reading),
        onProgress: (share) => input.onProgress(share),
      });
      const { issues, notes, undoSuppressedBy } = plan;
      const schemaProjectId = await projectToUpdate(tx, input);
      const apply = () => applyObjects(tx, { scope, schemaProjectId, updates: settings.updateSchema, now });
      return { issues, notes, undoSuppressedBy, schemaProjectId, apply };
    },
  };
}

/** Flags without a schema object in the package are accepted and do nothing (spec/semantics.md 3). */
async function projectToUpdate(
  tx: Executor<MetadataTables>,
  { order, manifest }: ImportWorkInput,
): Promise<string | null> {
  const { projectId } = order;
  if (projectId === null || manifest.settings.updateSchema.length === 0) return null;
  return (await applyPlan(tx, projectId).writesTypes(SCHEMA_TYPES)) ? projectId : null;
}

interface Application {
  readonly scope: string;
  readonly schemaProjectId: string | null;
  readonly updates: PackageManifest['settings']['updateSchema'];
  readonly now: string;
}

async function applyObjects(tx: Executor<MetadataTables>, application: Application): Promise<void> {
  const { scope, schemaProjectId, updates, now } = application;
  const apply = applyPlan(tx, scope);
  await apply.writeAcls('temp.staged_acl');
  await apply.writeObjects();
  await writeTranslations(tx, scope);
  await writeDuplicates(tx, scope);
  if (schemaProjectId !== null) await updateSchema(tx, { projectId: schemaProjectId, updates, date: now });
}
