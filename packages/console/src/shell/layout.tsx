import { Outlet } from '@tanstack/react-router';
import { useEnvironments } from '../environments/index.ts';
import { SignInPage } from '../features/sign-in/index.ts';
import { texts } from '../texts/index.ts';
import { EnvironmentSwitcher } from './environment-switcher.tsx';
import { Navigation } from './navigation.tsx';
import './shell.css';

/** What is around every page. Nobody signed in: the sign-in, at the same address, so that a link leads on afterwards. */
export function Layout() {
  const { current } = useEnvironments();
  if (!current) return <SignInPage />;
  return (
    <div className="shell">
      <a className="shell-skip" href="#main">
        {texts.shell.skip}
      </a>
      <Navigation />
      <header className="shell-top" data-production={current.environment.production}>
        <EnvironmentSwitcher />
      </header>
      <main className="shell-main" id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
