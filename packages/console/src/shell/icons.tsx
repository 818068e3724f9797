import type { ReactNode } from 'react';

const icon = (children: ReactNode) => (
  <svg
    width="18"
    height="18"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {children}
  </svg>
);

/** Outline icons of the navigation; the word beside each says what it is. */
export const ICONS = {
  migrations: icon(<path d="M3 8h14m0 0-4-4m4 4-4 4M21 16H7m0 0 4-4m-4 4 4 4" />),
  newPackage: icon(<path d="m12 3 9 5v8l-9 5-9-5V8zm0 9 9-4m-9 4v9m0-9L3 8" />),
  groups: icon(<path d="M4 4h7v7H4zm9 9h7v7h-7zm0-9h7v7h-7zM4 13h7v7H4z" />),
  journal: icon(<path d="M6 3h12v18H6zM9 8h6m-6 4h6m-6 4h4" />),
} as const;
