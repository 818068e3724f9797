/** Writes samples/tutorial from the tables: `node samples/src/tutorial/write-tutorial.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { tutorialText } from './build-tutorial.ts';
import { STATES } from './project-draft.ts';
import { withTables } from './readme-tables.ts';
import { tutorialFile, tutorialReadme } from './tutorial-file.ts';

for (const state of STATES) await writeFile(tutorialFile(state), tutorialText(state));
await writeFile(tutorialReadme(), withTables(await readFile(tutorialReadme(), 'utf8')));
