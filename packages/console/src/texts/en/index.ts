import { common } from './common.ts';
import { groups } from './groups.ts';
import { journal } from './journal.ts';
import { migration } from './migration.ts';
import { migrations } from './migrations.ts';
import { newPackage } from './new-package.ts';
import { object } from './object.ts';
import { plan } from './plan.ts';
import { rules } from './rules.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { upload } from './upload.ts';

/** Every text of the console in English, one file a feature. A translation is another value of this shape. */
export const en = {
  common,
  groups,
  journal,
  migration,
  migrations,
  newPackage,
  object,
  plan,
  rules,
  shell,
  signIn,
  upload,
} as const;
