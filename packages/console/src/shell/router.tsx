import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { GroupPage, GroupsPage } from '../features/groups/index.ts';
import { JournalPage, readJournalSearch } from '../features/journal/index.ts';
import { MigrationPage, MigrationsPage, readMigrationsSearch } from '../features/migrations/index.ts';
import { NewPackagePage, readNewPackageSearch } from '../features/new-package/index.ts';
import { ObjectPage, readObjectSearch } from '../features/objects/index.ts';
import { PlanPage } from '../features/plan/index.ts';
import { UploadedFilePage, UploadPage } from '../features/upload/index.ts';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';

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
  createRoute({ getParentRoute: under, path: '/upload', component: UploadPage }),
  createRoute({ getParentRoute: under, path: '/upload/$fileId', component: UploadedFilePage }),
  createRoute({ getParentRoute: under, path: '/new', component: NewPackagePage, validateSearch: readNewPackageSearch }),
  createRoute({ getParentRoute: under, path: '/plan/$migrationId', component: PlanPage }),
  createRoute({
    getParentRoute: under,
    path: '/objects/$projectId/$type/$id',
    component: ObjectPage,
    validateSearch: readObjectSearch,
  }),
  createRoute({ getParentRoute: under, path: '/journal', component: JournalPage, validateSearch: readJournalSearch }),
  createRoute({ getParentRoute: under, path: '/groups', component: GroupsPage }),
  createRoute({ getParentRoute: under, path: '/groups/$id', component: GroupPage }),
]);

/** The addresses of the console, below `/console`. Each page reads its state from its own address. */
export const router = createRouter({ routeTree: routes, basepath: '/console' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
