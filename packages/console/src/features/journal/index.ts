export { ImportEntries } from './import-entries.tsx';
export { JournalPage } from './journal-page.tsx';
export { readJournalSearch, type JournalSearch } from './journal-search.ts';
