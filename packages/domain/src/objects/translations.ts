/**
 * Translations of an object are stored as `{target: {lcid: text}}`: target `1:0:` is the name, `1:2:` the description,
 * others are texts inside the definition. Name and description in the default language are the object's own.
 */

/** The language in which every object has its own texts. */
export const DEFAULT_LCID = '1033';
