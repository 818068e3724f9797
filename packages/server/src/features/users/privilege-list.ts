import { PRIVILEGE_CATEGORIES, PRIVILEGES, type PrivilegeInfo } from '@longshore/domain';

/** The table of privileges as clients read it: ids are text. */
export function listPrivileges() {
  return PRIVILEGES.map((privilege) => ({ ...toRow(privilege), categories: [...privilege.categories] }));
}

/** The same by category; a category's number is its position. */
export function listPrivilegeCategories() {
  return PRIVILEGE_CATEGORIES.map((name, index) => ({
    type: index + 1,
    name,
    privileges: PRIVILEGES.filter((privilege) => privilege.categories.includes(name)).map(toRow),
  }));
}

function toRow({ id, name, description, isProjectLevelPrivilege }: PrivilegeInfo) {
  return { id: String(id), name, description, isProjectLevelPrivilege };
}
