import { CERTIFICATION_STATUSES, VALIDATION_STATUSES } from '@longshore/domain';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * The small files of the shared store by which environments that never call each other agree (docs/status-files.md).
 * They cross a boundary: another version, or another server, may have written them. Fields that are not listed are
 * ignored.
 */

const WireDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\+0000$' });
const Name = Type.String({ maxLength: 4_000 });

/** Largest status file that is read, in bytes. */
export const MAX_STATUS_FILE_BYTES = 1024 * 1024;

/** How a validation goes; written by the target, read by the source. */
export const ValidationFileSchema = Type.Object({
  status: Type.Enum(VALIDATION_STATUSES),
  /** 0 to 100. */
  progress: Type.Number({ minimum: 0, maximum: 100 }),
  /** Why it failed; warnings when it did not. */
  message: Type.String(),
  /** When the file was written, by the clock of the target. */
  lastUpdatedDate: WireDate,
  /** Names one run of the validation; without it the date does. */
  run: Type.Optional(Type.String({ maxLength: 64 })),
  /** What was validated, as the record of the source had it: a result for something else is none. */
  storagePath: Type.Optional(Type.String({ maxLength: 200 })),
  environmentId: Type.Optional(Name),
  projectId: Type.Optional(Name),
});
export type ValidationFile = Static<typeof ValidationFileSchema>;

/** `packageInfo.certification`: who has set it to what, and when. */
export const CertificationSchema = Type.Object({
  status: Type.Enum(CERTIFICATION_STATUSES),
  operator: Type.Object({ id: Name, name: Name, fullName: Type.Optional(Name) }),
  lastUpdatedDate: WireDate,
});
export type Certification = Static<typeof CertificationSchema>;

const validationFile = Compile(ValidationFileSchema);
const certificationFile = Compile(CertificationSchema);

/** Reads a validation file; `undefined` when the text is not one. */
export function parseValidationFile(text: string): ValidationFile | undefined {
  const value = parseJson(text);
  return validationFile.Check(value) ? value : undefined;
}

/** Reads a certification file; `undefined` when the text is not one. Fields of its own are left behind. */
export function parseCertificationFile(text: string): Certification | undefined {
  const value = parseJson(text);
  if (!certificationFile.Check(value)) return undefined;
  const { status, operator, lastUpdatedDate } = value;
  const { id, name, fullName } = operator;
  return { status, operator: { id, name, ...(fullName ? { fullName } : {}) }, lastUpdatedDate };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
