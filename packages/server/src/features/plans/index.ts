/** Plans of imports (docs/plans.md): computed by the planner that imports, kept for a time, never carried out. */
export { composePlans, type ComposedPlans, type PlanParts } from './compose-plans.ts';
