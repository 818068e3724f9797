/**
 * The version that `/api/status` reports and that packages carry: packages of a newer one are refused. Clients compare
 * its first nine characters, zero-padded (spec/mstrio-surface.md 2).
 */
export const PLATFORM_VERSION = '11.6.0700.00001';
