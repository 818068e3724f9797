import { useEffect, useRef, useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { ConsoleEnvironment } from '@longshore/contracts';
import { Badge, Button, Dialog, useToasts } from '../design/index.ts';
import { useEnvironments } from '../environments/index.ts';
import { SignInForm } from '../features/sign-in/index.ts';
import { texts } from '../texts/index.ts';

const t = texts.shell;

/** Says where you are, and leads to the other environments: a switch to one that is connected, a sign-in to another. */
export function EnvironmentSwitcher() {
  const { known, current, connections } = useEnvironments();
  const [isOpen, setOpen] = useState(false);
  const [connecting, setConnecting] = useState<ConsoleEnvironment | null>(null);
  const box = useCloseOutside(isOpen, () => setOpen(false));
  if (!current) return null;
  const { environment, user } = current;
  const choose = (chosen: ConsoleEnvironment): void => {
    setOpen(false);
    setConnecting(chosen);
  };
  return (
    <div className="switcher" ref={box}>
      <div className="row">
        <Button
          onClick={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
          aria-label={`${t.environment}: ${environment.name}. ${t.switchEnvironment}`}
        >
          <span className="switcher-name">{environment.name}</span>
          <span aria-hidden="true">▾</span>
        </Button>
        {environment.production ? <Badge tone="warn">{t.production}</Badge> : null}
        <span className="muted small">{t.asUser(user.fullName)}</span>
        {connections
          .filter((one) => one !== current)
          .map(({ environment: { url, name } }) => (
            <Badge key={url} tone="good">
              {t.connected(name)}
            </Badge>
          ))}
      </div>
      {isOpen ? (
        <div className="switcher-panel stack">
          <ul>
            {known.map((one) => (
              <SwitcherItem key={one.url} environment={one} onConnect={choose} onDone={() => setOpen(false)} />
            ))}
          </ul>
          {known.length < 2 ? <p className="small muted">{t.noOthers}</p> : null}
        </div>
      ) : null}
      {connecting ? (
        <Dialog title={t.connect(connecting.name)} onClose={() => setConnecting(null)}>
          <p className="muted">{t.connectHint}</p>
          <SignInForm environment={connecting} onDone={() => setConnecting(null)} />
        </Dialog>
      ) : null}
    </div>
  );
}

interface ItemProps {
  readonly environment: ConsoleEnvironment;
  readonly onConnect: (environment: ConsoleEnvironment) => void;
  readonly onDone: () => void;
}

function SwitcherItem({ environment, onConnect, onDone }: ItemProps) {
  const { connections, current, select, disconnect } = useEnvironments();
  const navigate = useNavigate();
  const toasts = useToasts();
  const { url, name } = environment;
  const connection = connections.find((one) => one.environment.url === url);
  const isCurrent = current?.environment.url === url;
  const signOut = async (): Promise<void> => {
    await disconnect(url);
    toasts.done(t.signedOut(name));
  };
  return (
    <li className="switcher-item" data-current={isCurrent}>
      <div>
        <div className="row">
          <span className="switcher-name">{name}</span>
          {environment.production ? <Badge tone="warn">{t.production}</Badge> : null}
        </div>
        <div className="small muted">{connection ? t.asUser(connection.user.fullName) : t.notConnected}</div>
      </div>
      <div className="row">
        {connection && !isCurrent ? (
          <Button
            onClick={() => {
              select(url);
              // A page that named another environment in its address is about this one from now on.
              void navigate({ to: '.', search: (before: object) => ({ ...before, at: undefined }), replace: true });
              onDone();
            }}
            aria-label={`${t.switchEnvironment}: ${name}`}
          >
            {t.switchTo}
          </Button>
        ) : null}
        {connection ? (
          <Button variant="quiet" onClick={() => void signOut()} aria-label={t.signOut(name)}>
            {t.signOutShort}
          </Button>
        ) : (
          <Button onClick={() => onConnect(environment)}>{t.connect(name)}</Button>
        )}
      </div>
    </li>
  );
}

function useCloseOutside(isOpen: boolean, close: () => void) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onEvent = (event: MouseEvent | KeyboardEvent): void => {
      const isOutside = event instanceof MouseEvent && !box.current?.contains(event.target as Node);
      if (isOutside || (event instanceof KeyboardEvent && event.key === 'Escape')) close();
    };
    document.addEventListener('mousedown', onEvent);
    document.addEventListener('keydown', onEvent);
    return () => {
      document.removeEventListener('mousedown', onEvent);
      document.removeEventListener('keydown', onEvent);
    };
  }, [isOpen, close]);
  return box;
}
