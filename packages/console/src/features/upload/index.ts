export { UploadPage, UploadedFilePage } from './upload-page.tsx';
