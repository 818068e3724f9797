import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { MigrationPage, MigrationsPage, readMigrationsSearch } from '../features/migrations/index.ts';
import { readJournalSearch } from '../features/journal/journal-search.ts';
import { readObjectSearch } from '../features/objects/object-search.ts';
import { readNewPackageSearch } from '../features/new-package/new-package-search.ts';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';

/* Pages other than the first are loaded when they are gone to. */
const groups = () => import('../features/groups/index.ts');
const journal = () => import('../features/journal/index.ts');
const newPackage = () => import('../features/new-package/index.ts');
const objects = () => import('../features/objects/index.ts');
const plan = () => import('../features/plan/index.ts');
const upload = () => import('../features/upload/index.ts');

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });
const under = (): typeof root => root;

const routes = root.addChildren([
  createRoute({
    getParentRoute: under,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/migrations' });
    },
  }),
  createRoute({
    getParentRoute: under,
    path: '/migrations',
    component: MigrationsPage,
    validateSearch: readMigrationsSearch,
  }),
  createRoute({ getParentRoute: under, path: '/migrations/$id', component: MigrationPage }),
  createRoute({ getParentRoute: under, path: '/upload', component: lazyRouteComponent(upload, 'UploadPage') }),
  createRoute({
    getParentRoute: under,
    path: '/upload/$fileId',
    component: lazyRouteComponent(upload, 'UploadedFilePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/new',
    component: lazyRouteComponent(newPackage, 'NewPackagePage'),
    validateSearch: readNewPackageSearch,
  }),
  createRoute({ getParentRoute: under, path: '/plan/$migrationId', component: lazyRouteComponent(plan, 'PlanPage') }),
  createRoute({
    getParentRoute: under,
    path: '/objects/$projectId/$type/$id',
    component: lazyRouteComponent(objects, 'ObjectPage'),
    validateSearch: readObjectSearch,
  }),
  createRoute({
    getParentRoute: under,
    path: '/journal',
    component: lazyRouteComponent(journal, 'JournalPage'),
    validateSearch: readJournalSearch,
  }),
  createRoute({ getParentRoute: under, path: '/groups', component: lazyRouteComponent(groups, 'GroupsPage') }),
  createRoute({ getParentRoute: under, path: '/groups/$id', component: lazyRouteComponent(groups, 'GroupPage') }),
]);

/** The addresses of the console, below `/console`. Each page reads its state from its own address. */
export const router = createRouter({ routeTree: routes, basepath: '/console', defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
