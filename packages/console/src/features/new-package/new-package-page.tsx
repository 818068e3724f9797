import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const NewPackagePage = () => <Empty title={texts.shell.newPackage} />;
