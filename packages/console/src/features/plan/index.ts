export { PlanPage } from './plan-page.tsx';
export { FilePlan } from './file-plan.tsx';
