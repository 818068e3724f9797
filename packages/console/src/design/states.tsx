import type { ReactNode } from 'react';
import { ApiError } from '@longshore/client';
import { texts } from '../texts/index.ts';
import { Button } from './button.tsx';

/** Nothing there: says why, and what to do next. */
export const Empty = ({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) => (
  <div className="state">
    <h2>{title}</h2>
    {children ? <p>{children}</p> : null}
    {action}
  </div>
);

/** What the server said, whole, with the number by which its log can be searched. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <div className="notice notice-bad" role="alert">
      <h2>{texts.common.failed}</h2>
      <p className="pre">{messageOf(error)}</p>
      {error instanceof ApiError && error.ticketId !== '' ? (
        <p className="small muted">{texts.common.ticket(error.ticketId)}</p>
      ) : null}
      {onRetry ? <Button onClick={onRetry}>{texts.common.retry}</Button> : null}
    </div>
  );
}

export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiError) || error.subErrors.length === 0) return message;
  return [message, ...error.subErrors.map((sub) => sub.message)].join('\n');
}

/** Grey lines where rows will be, so that nothing jumps when they come. */
export const Loading = ({ lines = 6 }: { readonly lines?: number }) => (
  <div className="skeleton" role="status" aria-label={texts.common.loading}>
    {Array.from({ length: lines }, (_, line) => (
      <span key={line} />
    ))}
  </div>
);

export const Notice = ({
  tone,
  children,
}: {
  readonly tone: 'bad' | 'warn' | 'good' | 'info';
  readonly children: ReactNode;
}) => <div className={`notice notice-${tone}`}>{children}</div>;
