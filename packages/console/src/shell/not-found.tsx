import { Link } from '@tanstack/react-router';
import { Empty } from '../design/index.ts';
import { texts } from '../texts/index.ts';

export const NotFound = () => (
  <Empty
    title={texts.shell.notFound}
    action={
      <Link className="button" to="/migrations">
        {texts.shell.toMigrations}
      </Link>
    }
  >
    {texts.shell.notFoundHint}
  </Empty>
);
