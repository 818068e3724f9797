import type { ButtonHTMLAttributes, ReactNode } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'disabled'> {
  readonly variant?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** Why it cannot be used now. It stays reachable by keyboard, so that everybody can read the reason. */
  readonly refusal?: string | null | undefined;
  readonly busy?: boolean;
  readonly children: ReactNode;
}

export function Button({ variant = 'plain', refusal, busy = false, children, onClick, ...rest }: ButtonProps) {
  const isOff = busy || (refusal !== null && refusal !== undefined);
  return (
    <button
      type="button"
      {...rest}
      className={`button button-${variant}`}
      aria-disabled={isOff || undefined}
      aria-busy={busy || undefined}
      title={refusal ?? rest.title}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}
