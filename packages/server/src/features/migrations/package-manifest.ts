import { PACKAGE_FORMAT_VERSION, type PackageManifest } from '@longshore/contracts';
import { PLATFORM_VERSION } from '../../platform/platform-version.ts';
import type { PackageSelection } from './create/package-selection.ts';
import { mergeRulesDigest, toTranslationAction } from './merge-settings.ts';
import type { CreateJob, MergeOptions } from './migration-jobs.ts';

/** The manifest of a package that is about to be written (docs/package-format.md). */
export function packageManifest(job: CreateJob, selection: Pick<PackageSelection, 'counts'>): PackageManifest {
  const { settings } = job;
  const { content, dependents, ancestors } = selection.counts;
  return {
    formatVersion: PACKAGE_FORMAT_VERSION,
    platformVersion: PLATFORM_VERSION,
    packageId: job.packageId,
    kind: 'package',
    type: job.type,
    purpose: job.purpose as PackageManifest['purpose'],
    name: job.name,
    createdAt: job.createdAt,
    creator: { id: job.caller.id, name: job.caller.name },
    environment: job.environment,
    ...(job.project === null ? {} : { project: job.project }),
    settings: {
      updateSchema: [...settings.updateSchema],
      ...(settings.aclOnReplacingObjects === null ? {} : { aclOnReplacingObjects: settings.aclOnReplacingObjects }),
      aclOnNewObjects: [...settings.aclOnNewObjects],
      defaultAction: settings.defaultAction,
      ...(settings.merge ? mergeSettings(settings.merge) : {}),
    },
    counts: { entries: content + dependents + ancestors, content, dependents, ancestors },
  };
}

/** The rules themselves stand on the objects; the digest tells whether a list of rules is the one they come from. */
function mergeSettings(merge: MergeOptions): Partial<PackageManifest['settings']> {
  return {
    validateDependencies: merge.validateDependencies,
    translationAction: toTranslationAction(merge.translationAction),
    mergeRules: mergeRulesDigest(merge),
  };
}
