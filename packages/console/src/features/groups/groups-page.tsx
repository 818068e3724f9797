import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const GroupsPage = () => <Empty title={texts.shell.groups} />;
