export { SignInForm } from './sign-in-form.tsx';
export { SignInPage } from './sign-in-page.tsx';
