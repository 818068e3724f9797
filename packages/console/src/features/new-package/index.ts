export { NewPackagePage } from './new-package-page.tsx';
export { readNewPackageSearch, type NewPackageSearch } from './new-package-search.ts';
