import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const MigrationsPage = () => <Empty title={texts.shell.migrations} />;
