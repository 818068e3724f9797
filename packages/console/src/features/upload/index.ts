import './upload.css';

export { UploadPage } from './upload-page.tsx';
export { UploadedFilePage } from './uploaded-file-page.tsx';
