import { common } from './common.ts';
import { migrations } from './migrations.ts';
import { shell } from './shell.ts';
import { signIn } from './sign-in.ts';

/** Every text of the console in English, one file a feature. A translation is another value of this shape. */
export const en = { common, migrations, shell, signIn } as const;
