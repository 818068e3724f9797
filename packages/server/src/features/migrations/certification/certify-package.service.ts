import type { Certification, CertifyPackageBody } from '@longshore/contracts';
import type { Caller } from '../../../platform/http/access.ts';
import { refuseMember } from '../group-member.ts';
import type { MigrationDeps } from '../migration-deps.ts';
import { migrationNotFound, requireMigrationKey } from '../migration-key.ts';
import type { MigrationRecord } from '../migration-records.ts';
import { migrationRepository } from '../migrations.repository.ts';
import { requireOperation, stateOf, stateRefusal } from '../record-state.ts';
import { decideCertification } from './certification-decision.ts';
import { readCertification, type CertificationRequest } from './certification-request.ts';

export interface CertifyPackage {
  readonly migrationId: string;
  readonly body: CertifyPackageBody | undefined;
  readonly caller: Caller;
}

/**
 * Use case: request, give, refuse or take away the certification of a package, or carry over that of another
 * environment (spec/api.md 2.7.8).
 * @throws AppError `notFound`, `missing`, `invalid`, `missingPrivilege`
 */
export async function certifyPackage(deps: Pick<MigrationDeps, 'platform'>, input: CertifyPackage): Promise<void> {
  const key = requireMigrationKey(input.migrationId);
  const request = readCertification(input.body);
  const { platform } = deps;
  await platform.library.write(async (tx) => {
    const records = migrationRepository(tx);
    const record = await records.findMigration(key);
    if (!record || record.package.deleted) throw migrationNotFound(input.migrationId);
    await refuseMember(tx, record.package);
    requireState(record, request);
    const { certification, replicated } = record.package;
    const changed = decideCertification({
      current: parseCertification(certification),
      request,
      replicated,
      caller: input.caller,
      projectId: projectOf(record),
      now: platform.clock.now(),
    });
    if (changed) await records.savePackage({ ...record.package, certification: JSON.stringify(changed) });
  });
}

export function parseCertification(text: string | null): Certification | null {
  return text === null ? null : (JSON.parse(text) as Certification);
}

/** A copy is always locked, so its state says nothing; it takes what others have decided, and decides nothing. */
function requireState(record: MigrationRecord, { operator, lastUpdatedDate }: CertificationRequest): void {
  if (!record.package.replicated) return requireOperation('certify', stateOf(record));
  requireOperation('sync_certification', stateOf(record));
  if (operator !== undefined && lastUpdatedDate !== undefined) return;
  throw stateRefusal({
    field: 'packageInfo.replicated',
    value: 'true',
    why: 'This is the copy on a target: send the certification of the source with its operator and lastUpdatedDate, or use autoSync.',
  });
}

function projectOf({ package: pkg, import: imp }: MigrationRecord): string | null {
  if (pkg.type === 'configuration') return null;
  return (pkg.replicated ? imp.project?.id : pkg.project?.id) ?? null;
}
