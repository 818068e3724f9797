import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const PlanPage = () => <Empty title={texts.shell.plan} />;
