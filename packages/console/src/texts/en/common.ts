export const common = {
  product: 'Longshore',
  failed: 'That did not work',
  ticket: (id: string) => `Ticket ${id} finds it in the server's log.`,
  retry: 'Try again',
  loading: 'Loading',
  close: 'Close',
  cancel: 'Cancel',
  messages: 'Messages',
  sortBy: (column: string) => `Sort by ${column}`,
  none: '–',
  counts: { all: 'All', sum: (parts: string, total: string) => `${parts} = ${total} objects` },
} as const;
