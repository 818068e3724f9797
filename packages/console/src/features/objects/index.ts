export { ObjectPage } from './object-page.tsx';
export { readObjectSearch, type ObjectSearch } from './object-search.ts';
