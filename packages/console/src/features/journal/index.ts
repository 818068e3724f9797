export { JournalPage } from './journal-page.tsx';
