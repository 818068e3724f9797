import { Empty } from '../../design/index.ts';
import { texts } from '../../texts/index.ts';

export const UploadPage = () => <Empty title={texts.migrations.upload} />;
export const UploadedFilePage = () => <Empty title={texts.migrations.upload} />;
