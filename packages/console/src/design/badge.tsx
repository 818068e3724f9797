import type { ReactNode } from 'react';

/** What a colour stands for; the words of a badge say the same, so that nobody depends on the colour. */
export type Tone = 'neutral' | 'good' | 'bad' | 'warn' | 'run' | 'info' | 'plain';

export const Badge = ({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) => (
  <span className={`badge badge-${tone}`}>{children}</span>
);
