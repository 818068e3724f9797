import { AppError, type Certification, type CertificationInput, type CertifyPackageBody } from '@longshore/contracts';
import { parseWireDate, type CertificationStatus } from '@longshore/domain';

/** A certification as it is asked for. With operator and date it is that of another environment, carried here. */
export interface CertificationRequest {
  readonly status: CertificationStatus;
  /** Undefined: the caller. */
  readonly operator: Certification['operator'] | undefined;
  /** Wire date; undefined: now. */
  readonly lastUpdatedDate: string | undefined;
}

/**
 * Reads the body of a certification in any of its three forms (spec/api.md 2.7.8).
 * @throws AppError `missing` without a status, `invalid` for a date that is none.
 */
export function readCertification(body: CertifyPackageBody | undefined): CertificationRequest {
  const input: CertificationInput = body?.packageInfo?.certification ?? body?.certification ?? body ?? {};
  if (!input.status) {
    throw new AppError('missing', 'The field packageInfo.certification.status is required, unless autoSync is true.');
  }
  return { status: input.status, operator: readOperator(input.operator), lastUpdatedDate: readDate(input) };
}

function readOperator(input: CertificationInput['operator']): Certification['operator'] | undefined {
  if (!input?.id) return undefined;
  return { id: input.id, name: input.name ?? '', ...(input.fullName ? { fullName: input.fullName } : {}) };
}

function readDate({ lastUpdatedDate }: CertificationInput): string | undefined {
  if (!lastUpdatedDate) return undefined;
  const date = parseWireDate(lastUpdatedDate);
  if (date !== undefined) return date;
  throw new AppError(
    'invalid',
    `certification.lastUpdatedDate '${lastUpdatedDate}' is not a date such as 2022-03-16T07:38:40.125+0000.`,
  );
}

/** The query parameter `autoSync`, whose name and value come in any letter case. */
export function asksForSync(query: Readonly<Record<string, unknown>>): boolean {
  const found = Object.entries(query).find(([name]) => name.toLowerCase() === 'autosync');
  return String(found?.[1]).toLowerCase() === 'true';
}
