import type { BenchCase } from './case.ts';
import { dumpCase, loadCase } from './metadata.ts';
import { awakeCase } from './awake.ts';
import { fewCase } from './few.ts';
import { createLargeCase, importLargeCase } from './large.ts';
import { listCase } from './list.ts';
import { againCase, createCase, importCase, replaceCase, undoCase, undoReplaceCase } from './packages.ts';
import { requestsCase } from './requests.ts';
import { closureCase, searchCase } from './searches.ts';
import { validationCase } from './validation.ts';

/** In this order each case finds what it goes on from as the one before it has left it. */
export const CASES: readonly BenchCase[] = [
  loadCase,
  dumpCase,
  closureCase,
  searchCase,
  createCase,
  importCase,
  againCase,
  undoCase,
  replaceCase,
  undoReplaceCase,
  validationCase,
  fewCase,
  awakeCase,
  listCase,
  requestsCase,
  createLargeCase,
  importLargeCase,
];
