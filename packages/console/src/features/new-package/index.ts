export { NewPackagePage } from './new-package-page.tsx';
