import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { texts } from '../texts/index.ts';
import { Button } from './button.tsx';
import { messageOf } from './states.tsx';

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

export interface Toasts {
  /** Goes away by itself. */
  done(text: string): void;
  /** Stays until it is closed: a message of an error is to be read. */
  failed(error: unknown): void;
}

const DONE_MS = 4000;
/** Older messages that need no reading make room. */
const MOST_DONE = 2;
const ToastContext = createContext<Toasts | null>(null);

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(1);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const api = useMemo<Toasts>(() => {
    const add = (tone: Toast['tone'], text: string): number => {
      const id = next.current++;
      setToasts((all) => [...withRoom(all), { id, tone, text }]);
      return id;
    };
    return {
      done(text) {
        const id = add('good', text);
        setTimeout(() => close(id), DONE_MS);
      },
      failed: (error) => void add('bad', messageOf(error)),
    };
  }, [close]);
  return (
    <ToastContext value={api}>
      {children}
      <div className="toasts" role="log" aria-live="polite" aria-label={texts.common.messages}>
        {toasts.map(({ id, tone, text }) => (
          <div key={id} className={`toast toast-${tone}`}>
            <p className="grow pre">{text}</p>
            <Button variant="quiet" onClick={() => close(id)} aria-label={texts.common.close}>
              ✕
            </Button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}

/** Errors stay, whatever comes. */
function withRoom(toasts: readonly Toast[]): readonly Toast[] {
  const done = toasts.filter(({ tone }) => tone === 'good');
  const leaving = done.slice(0, Math.max(0, done.length - MOST_DONE + 1));
  return toasts.filter((toast) => !leaving.includes(toast));
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error('useToasts needs a ToastProvider above it.');
  return toasts;
}
