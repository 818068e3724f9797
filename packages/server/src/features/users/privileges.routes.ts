import { FieldsQuery, PrivilegeCategoryList, PrivilegeList } from '@longshore/contracts';
import type { Routes } from '../../platform/http/app.ts';
import { listPrivilegeCategories, listPrivileges } from './privilege-list.ts';

const config = { access: { kind: 'session' } } as const;
const tags = ['System Administration'];

/** The table of privileges (spec/api.md 2.13). */
export const privilegeRoutes: Routes = (app) => {
  app.get(
    '/iserver/privileges',
    {
      config,
      schema: {
        operationId: 'getPrivileges',
        tags,
        summary: 'Every privilege there is',
        querystring: FieldsQuery,
        response: { 200: PrivilegeList },
      },
    },
    () => listPrivileges(),
  );
  app.get(
    '/iserver/privileges/categories',
    {
      config,
      schema: {
        operationId: 'getPrivilegeCategories',
        tags,
        summary: 'Every privilege there is, by category',
        querystring: FieldsQuery,
        response: { 200: PrivilegeCategoryList },
      },
    },
    () => ({ categories: listPrivilegeCategories() }),
  );
};
