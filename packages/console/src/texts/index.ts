import { en } from './en/index.ts';

/** The texts in the language of the console. */
export const texts = en;
