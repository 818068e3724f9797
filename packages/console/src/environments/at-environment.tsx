import { useEffect, type ReactNode } from 'react';
import { isSameLibrary } from '@longshore/client';
import { Empty } from '../design/index.ts';
import { texts } from '../texts/index.ts';
import type { Connection } from './connection.ts';
import { useCurrent, useEnvironments } from './environments.tsx';

const t = texts.shell;

interface AtEnvironmentProps {
  /** The environment that the address names; absent: the current one. */
  readonly at: string | undefined;
  readonly children: (connection: Connection) => ReactNode;
}

/**
 * A page about the environment that its address names. That becomes the current one, so that the switcher tells the
 * truth; an environment that is not connected is asked for instead of showing another one's data.
 */
export function AtEnvironment({ at, children }: AtEnvironmentProps) {
  const { known, connections, select } = useEnvironments();
  const current = useCurrent();
  const isNamed = ({ url }: { readonly url: string }): boolean => at !== undefined && isSameLibrary(url, at);
  const named = connections.find(({ environment }) => isNamed(environment));
  const url = named?.environment.url;
  useEffect(() => {
    if (url !== undefined) select(url);
  }, [url, select]);
  if (at === undefined) return children(current);
  if (named) return children(named);
  const environment = known.find(isNamed);
  return environment ? (
    <Empty title={t.connectFirst(environment.name)}>{t.connectFirstHint}</Empty>
  ) : (
    <Empty title={t.unknownEnvironment(at)}>{t.noOthers}</Empty>
  );
}
