/** Why a package file cannot be written or read. The message names the member, the reason, and what to do next. */
export const PACKAGE_FILE_ERROR_CODES = ['damaged', 'tooLarge', 'tooNew', 'notAPackage', 'invalidInput'] as const;
export type PackageFileErrorCode = (typeof PACKAGE_FILE_ERROR_CODES)[number];

export class PackageFileError extends Error {
  readonly code: PackageFileErrorCode;

  constructor(code: PackageFileErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The bytes are not those that were written: cut, changed, reordered, or made to harm. */
export class PackageDamaged extends PackageFileError {
  /** The member at fault, or `archive` where the tar itself is. */
  readonly member: string;

  constructor(member: string, reason: string, options: ErrorOptions = {}) {
    const where = member === ARCHIVE ? 'The package file is damaged' : `The package file is damaged in ${member}`;
    super('damaged', `${where}: ${reason}. Nothing of it may be used; fetch or create the package again.`, options);
    this.member = member;
  }
}

/** The member name of damage that belongs to no member. */
export const ARCHIVE = 'archive';

/** A limit was passed, in writing or in reading. */
export class PackageTooLarge extends PackageFileError {
  constructor(reason: string) {
    super('tooLarge', `${reason} Put fewer objects into one package and migrate the rest in further packages.`);
  }
}

/** Written by a newer platform or in a newer format than this server knows. */
export class PackageTooNew extends PackageFileError {
  constructor(reason: string) {
    super('tooNew', `${reason} Upgrade this environment, or create the package on an environment that is not newer.`);
  }
}

/** The file never was a package. */
export class NotAPackage extends PackageFileError {
  constructor(reason: string) {
    super('notAPackage', `The file is not a package: ${reason}. Check that the right file was given.`);
  }
}

/** The caller handed over something that cannot be written; a defect of the caller. */
export class PackageInputInvalid extends PackageFileError {
  constructor(reason: string) {
    super('invalidInput', reason);
  }
}
