import { Link } from '@tanstack/react-router';
import mark from '../design/mark.svg';
import { texts } from '../texts/index.ts';
import { ICONS } from './icons.tsx';

const PAGES = [
  { to: '/migrations', page: 'migrations' },
  { to: '/new', page: 'newPackage' },
  { to: '/groups', page: 'groups' },
  { to: '/journal', page: 'journal' },
] as const;

export const Navigation = () => (
  <nav className="shell-nav" aria-label={texts.shell.navigation}>
    <div className="shell-brand">
      <img src={mark} alt="" width={24} height={24} />
      {texts.common.product}
    </div>
    <ul>
      {PAGES.map(({ to, page }) => (
        <li key={to}>
          <Link to={to}>
            {ICONS[page]}
            {texts.shell[page]}
          </Link>
        </li>
      ))}
    </ul>
  </nav>
);
