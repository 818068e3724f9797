import { PACKAGE_FORMAT_VERSION, type PackageManifest } from '@longshore/contracts';
import { PLATFORM_VERSION } from '../../platform/platform-version.ts';
import type { PackageSelection } from './create/package-selection.ts';
import type { CreateJob } from './migration-jobs.ts';

/** The manifest of a package that is about to be written (docs/package-format.md). */
export function packageManifest(job: CreateJob, selection: PackageSelection): PackageManifest {
  const { settings } = job;
  const count = (role: string) => selection.entries.filter((entry) => entry.role === role).length;
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
    },
    counts: {
      entries: selection.entries.length + selection.absent.length,
      content: count('content') + selection.absent.length,
      dependents: count('dependent'),
      ancestors: count('ancestor'),
    },
  };
}
