import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const JournalPage = () => <Empty title={texts.shell.journal} />;
