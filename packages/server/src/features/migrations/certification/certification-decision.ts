import { AppError, type Certification } from '@longshore/contracts';
import { CERTIFICATION_MACHINE, checkTransition, privilegeName, type CertificationStatus } from '@longshore/domain';
import { wireDate } from '../../../platform/clock.ts';
import { missingPrivilege, PRIVILEGE, requirePrivileges, type Caller } from '../../../platform/http/access.ts';
import type { CertificationRequest } from './certification-request.ts';

/** Clocks of two environments may differ by as much; a date beyond that would win against every later one. */
const ALLOWED_AHEAD_MS = 5 * 60_000;

const CERTIFIERS = [PRIVILEGE.certifyPackage, PRIVILEGE.applyPackage] as const;

export interface CertificationInput {
  readonly current: Certification | null;
  readonly request: CertificationRequest;
  /** On a copy only what another environment has decided is taken over. */
  readonly replicated: boolean;
  readonly caller: Caller;
  /** In which the privileges count; null for the configuration. */
  readonly projectId: string | null;
  /** Milliseconds. */
  readonly now: number;
}

/**
 * What a certification becomes (spec/api.md 3.6); null when it stays as it is. Of two that were decided in different
 * environments the newer one wins.
 * @throws AppError `invalid` for a step that cannot be, `missingPrivilege`
 */
export function decideCertification(input: CertificationInput): Certification | null {
  const { current, request, now } = input;
  requireCredibleDate(request, now);
  if (isNoNews(current, request)) return null;
  const from = current?.status ?? null;
  requireRole(input, from);
  if (!input.replicated && from !== request.status) requireStep(from, request.status);
  const { user } = input.caller;
  return {
    status: request.status,
    operator: request.operator ?? { id: user.id, name: user.name, fullName: user.name },
    lastUpdatedDate: request.lastUpdatedDate ?? laterThan(current, now),
  };
}

function isNoNews(current: Certification | null, { status, operator, lastUpdatedDate }: CertificationRequest): boolean {
  const isCarried = operator !== undefined && lastUpdatedDate !== undefined;
  if (!isCarried) return status === (current?.status ?? 'uncertified');
  return current !== null && lastUpdatedDate <= current.lastUpdatedDate;
}

function requireStep(from: CertificationStatus | null, to: CertificationStatus): void {
  const transition = checkTransition(CERTIFICATION_MACHINE, from, to);
  if (!transition.ok) throw new AppError('invalid', transition.reason);
}

function requireCredibleDate({ lastUpdatedDate }: CertificationRequest, now: number): void {
  if (lastUpdatedDate === undefined || lastUpdatedDate <= wireDate(now + ALLOWED_AHEAD_MS)) return;
  throw new AppError(
    'invalid',
    `certification.lastUpdatedDate ${lastUpdatedDate} is in the future; it is ${wireDate(now)} now.`,
  );
}

/**
 * Certify, decertify and reject are for those who hold Certify package or Apply package; requests for those who hold
 * Create package, who may take their own ones back.
 */
function requireRole(
  { request, current, caller, projectId }: CertificationInput,
  from: CertificationStatus | null,
): void {
  const isCertifier = CERTIFIERS.some((privilege) => caller.hasPrivilege(privilege, projectId));
  const { status } = request;
  if (status === 'requested') return requirePrivileges(caller, [PRIVILEGE.createPackage], projectId);
  if (isCertifier) return;
  const isOwnRequest = status === 'uncertified' && from === 'requested' && current?.operator.id === caller.user.id;
  if (!isOwnRequest) throw missingPrivilege(CERTIFIERS.map(privilegeName).join(' or '));
  requirePrivileges(caller, [PRIVILEGE.createPackage], projectId);
}

/** A change always counts as newer than what it changes, also when that came from a clock that is ahead. */
function laterThan(current: Certification | null, now: number): string {
  const date = wireDate(now);
  if (!current || current.lastUpdatedDate < date) return date;
  return wireDate(Date.parse(current.lastUpdatedDate.replace('+0000', 'Z')) + 1);
}
