import { PackageTooNew } from './errors.ts';

/** Orders platform versions like `11.6.0700.00001` by their numbers: below zero when `a` is older than `b`. */
export function comparePlatformVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * A package of an older or equal platform version may be imported, one of a newer version may not (spec/api.md 5.2).
 * @throws PackageTooNew
 */
export function checkPlatformVersion(packageVersion: string, ownVersion: string): void {
  if (comparePlatformVersions(packageVersion, ownVersion) <= 0) return;
  throw new PackageTooNew(
    `The package was created on platform version ${packageVersion}, and this environment runs ${ownVersion}: ` +
      'a package cannot be imported into an older version.',
  );
}
