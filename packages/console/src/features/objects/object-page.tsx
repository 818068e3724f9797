import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const ObjectPage = () => <Empty title={texts.shell.object} />;
