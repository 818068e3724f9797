import { useEffect, useId, useRef, type ReactNode } from 'react';
import { texts } from '../texts/index.ts';
import { Button } from './button.tsx';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the bottom. */
  readonly actions?: ReactNode;
  readonly width?: 'usual' | 'wide';
}

/** A modal dialog; it is open while it is rendered. The browser keeps the focus inside and closes it with Escape. */
export function Dialog({ title, onClose, children, actions, width = 'usual' }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={width === 'wide' ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button variant="quiet" onClick={onClose} aria-label={texts.common.close}>
          ✕
        </Button>
      </div>
      <div className="dialog-body">{children}</div>
      {actions ? <div className="dialog-foot">{actions}</div> : null}
    </dialog>
  );
}
