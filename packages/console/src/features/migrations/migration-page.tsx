import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const MigrationPage = () => <Empty title={texts.shell.migrations} />;
