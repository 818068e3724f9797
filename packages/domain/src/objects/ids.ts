/** Identifiers (spec/api.md 1.10): 32 upper-case hex digits, no dashes. */

const ID_LENGTH = 32;
const DIGITS = '0123456789ABCDEF';

/** 1 for the codes of digits. */
const IS_DIGIT = new Uint8Array(128);
for (const digit of DIGITS) IS_DIGIT[digit.charCodeAt(0)] = 1;

const OBJECT_ID_ANY_CASE = /^[0-9a-fA-F]{32}$/;

/**
 * True for an id in the form in which it is stored and emitted. Eight ids of every object of a package are looked at, so
 * that it does not use a pattern, which takes more than twice as long.
 */
export function isObjectId(value: string): boolean {
  if (value.length !== ID_LENGTH) return false;
  let digits = 0;
  for (let at = 0; at < ID_LENGTH; at += 1) digits += IS_DIGIT[value.charCodeAt(at)] ?? 0;
  return digits === ID_LENGTH;
}

/** Reads an id in any letter case; `undefined` when it is not 32 hex digits. */
export function parseObjectId(value: string): string | undefined {
  return OBJECT_ID_ANY_CASE.test(value) ? value.toUpperCase() : undefined;
}

/**
 * The scope of configuration objects. Every object lives in one scope: its project's id, or this one.
 * It is also the project id that the original prints for the configuration area.
 */
export const CONFIGURATION_SCOPE = '38A062302D4411D28E71006008960167';

/** Objects that every environment has under the same id (spec/semantics.md 1.1). */
export const WELL_KNOWN = {
  administrator: '54F3D26011D2896560009A8E67019608',
  everyone: 'C82C6B1011D2894CC0009D9F29718E4F',
  guest: '294DEDC011D2F1D56000D98E67019608',
  systemAdministrators: '5F3FAFE111D2D8CC6000CC8E67019608',
  systemMonitors: '5F3FAFE011D2D8CC6000CC8E67019608',
  projectRoot: 'D43364C684E34A5F9B2F9AD7108F7828',
  publicObjects: '98FE182C2A10427EACE0CD30B6768258',
  sharedReports: 'D3C7D461F69C4610AA6BAA5EF51F4125',
} as const;

/** The scope in which a project's objects live; configuration objects have no project. */
export function scopeOf(projectId: string | null): string {
  return projectId ?? CONFIGURATION_SCOPE;
}

/** The project of a scope, `null` for the configuration. */
export function projectOf(scope: string): string | null {
  return scope === CONFIGURATION_SCOPE ? null : scope;
}
