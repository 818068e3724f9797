import type { State } from './project-draft.ts';

/** The committed file of a state of the Tutorial, in the load format (docs/architecture.md, outside contract). */
export function tutorialFile(state: State): URL {
  return new URL(`../../tutorial/${state}.ndjson`, import.meta.url);
}

export function tutorialReadme(): URL {
  return new URL('../../tutorial/README.md', import.meta.url);
}
