import {
  AppError,
  type CertifyGroupBody,
  type GroupCertification,
  type GroupCertificationInput,
} from '@longshore/contracts';
import { CERTIFICATION_MACHINE, checkTransition, parseWireDate, type CertificationStatus } from '@longshore/domain';
import { PRIVILEGE, requirePrivileges, type Caller, type Privilege } from '../../platform/http/access.ts';
import { toCreator } from '../migrations/migration-caller.ts';

/** A whole certification as JSON text, or null: clients cannot read a part of one. */
export function readCertificationInput(input: GroupCertificationInput | null | undefined): string | null {
  const whole = wholeCertification(input);
  return whole ? JSON.stringify(whole) : null;
}

export function parseCertification(text: string | null): GroupCertification | null {
  return text === null ? null : (JSON.parse(text) as GroupCertification);
}

function wholeCertification(input: GroupCertificationInput | null | undefined): GroupCertification | undefined {
  const { status, operator, lastUpdatedDate } = input ?? {};
  const date = parseWireDate(lastUpdatedDate ?? '');
  if (!status || !operator?.id || !operator.name || date === undefined) return undefined;
  const { id, name, fullName } = operator;
  return { status, operator: { id, name, ...(fullName ? { fullName } : {}) }, lastUpdatedDate: date };
}

/** What the body of a certification call says, in whichever of its three forms (spec/api.md 6.13). */
export function inputOf(body: CertifyGroupBody): GroupCertificationInput {
  return body?.packageInfo?.certification ?? body?.certification ?? body ?? {};
}

export interface CertificationAsked {
  readonly input: GroupCertificationInput;
  readonly caller: Caller;
  /** Wire date. */
  readonly now: string;
  /** Projects of the packages; null stands for the configuration. */
  readonly projectIds: readonly (string | null)[];
}

export type CertificationChange =
  /** It comes from the other environment, with its operator and date. */
  | { readonly kind: 'copy'; readonly certification: GroupCertification }
  | { readonly kind: 'request'; readonly certification: GroupCertification };

/**
 * What a certification call asks for; null when it changes nothing.
 * @throws AppError `missing`, `invalid`, `missingPrivilege`
 */
export function readChange(before: GroupCertification | null, asked: CertificationAsked): CertificationChange | null {
  const { input, caller, now, projectIds } = asked;
  const to = input.status;
  if (!to) throw new AppError('missing', 'The field status of the certification is required.');
  const from = before?.status ?? null;
  for (const id of projectIds) requirePrivileges(caller, [privilegeOf(from, to)], id);
  const copy = wholeCertification(input);
  if (copy) return isNewer(copy, before) ? { kind: 'copy', certification: copy } : null;
  if ((from ?? 'uncertified') === to) return null;
  const transition = checkTransition(CERTIFICATION_MACHINE, from, to);
  if (!transition.ok) throw new AppError('invalid', transition.reason.replace('packageInfo.', ''));
  const { id, name } = toCreator(caller);
  const operator = { id, name, fullName: name };
  return { kind: 'request', certification: { status: to, operator, lastUpdatedDate: now } };
}

/** Wire dates are of one form and in UTC, so the later one is the greater text. */
export function isNewer(candidate: GroupCertification, than: GroupCertification | null): boolean {
  return than === null || candidate.lastUpdatedDate > than.lastUpdatedDate;
}

/** Asking for it, and taking that back, is for those who create packages. */
function privilegeOf(from: CertificationStatus | null, to: CertificationStatus): Privilege {
  const isAsking = to === 'requested' || (to === 'uncertified' && from !== 'certified');
  return isAsking ? PRIVILEGE.createPackage : PRIVILEGE.certifyPackage;
}
