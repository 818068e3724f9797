export { STATES, TUTORIAL_PROJECT_ID as defaultProjectId } from './tutorial/project-draft.ts';
export type { State as TutorialState } from './tutorial/project-draft.ts';
export { tutorialFile } from './tutorial/tutorial-file.ts';
export { generateProject, projectIdOf } from './generator/generate-project.ts';
export type { ProjectPlan } from './generator/generate-project.ts';
