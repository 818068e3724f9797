import { isSchemaType, OBJECT_TYPES, scopeOf } from '@longshore/domain';
import type { Executor } from '../../../platform/db/database.ts';
import type { MetadataTables } from '../../../platform/db/metadata-schema.ts';
import { updateSchema } from '../../schema/schema-update.ts';
import { applyPlan } from './apply.repository.ts';
import type { ImportWork, ImportWorkInput } from './import-work.ts';
import { planImport, type ImportPlan } from './plan-import.ts';
import { writeTranslations } from './write-translations.ts';
import { writeContacts, writeDuplicates } from './write-special.ts';

/** Imports the objects of a project, or of the configuration. */
export function objectWork(input: ImportWorkInput): ImportWork {
  const { job, manifest } = input;
  const { settings } = manifest;
  const scope = scopeOf(job.projectId);
  return {
    scope,
    async plan(tx, now) {
      const plan = await planImport(tx, {
        job,
        scope,
        now,
        settings: {
          aclOnReplacingObjects: settings.aclOnReplacingObjects ?? null,
          aclOnNewObjects: settings.aclOnNewObjects,
          translationAction: settings.translationAction ?? null,
          validateDependencies: settings.validateDependencies ?? true,
        },
        onProgress: (share) => input.onProgress(share),
      });
      const { issues, notes, undoSuppressedBy } = plan;
      return { issues, notes, undoSuppressedBy, apply: () => applyObjects(tx, { input, scope, plan, now }) };
    },
  };
}

interface Application {
  readonly scope: string;
  readonly plan: ImportPlan;
  readonly input: ImportWorkInput;
  readonly now: string;
}

async function applyObjects(tx: Executor<MetadataTables>, { scope, plan, input, now }: Application): Promise<void> {
  const apply = applyPlan(tx, scope);
  await apply.writeAcls(plan.acls.texts());
  await apply.deleteObjects();
  await apply.writeObjects();
  await apply.moveObjects();
  await writeContacts(tx, scope);
  await writeTranslations(tx, scope);
  await writeDuplicates(tx, scope);
  const { projectId } = input.job;
  const { updateSchema: updates } = input.manifest.settings;
  if (projectId !== null && updates.length > 0 && (await apply.writesTypes(SCHEMA_TYPES))) {
    await updateSchema(tx, projectId, { updates, now });
  }
}

const SCHEMA_TYPES = OBJECT_TYPES.map((type) => type.number).filter((type) => isSchemaType(type));
