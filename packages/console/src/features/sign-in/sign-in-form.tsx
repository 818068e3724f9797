import { useState, type FormEvent } from 'react';
import type { ConsoleEnvironment } from '@longshore/contracts';
import { Button, Notice, TextField, messageOf } from '../../design/index.ts';
import { useEnvironments } from '../../environments/index.ts';
import { texts } from '../../texts/index.ts';

/** Name and password for one environment; what the server refuses is said in its own words. */
export function SignInForm({
  environment,
  onDone,
}: {
  readonly environment: ConsoleEnvironment;
  readonly onDone?: () => void;
}) {
  const { connect } = useEnvironments();
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: unknown }>({ busy: false, error: null });
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const username = textOf(form, 'username');
    const password = textOf(form, 'password');
    setState({ busy: true, error: null });
    try {
      await connect(environment, { kind: 'password', username, password });
      onDone?.();
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <TextField label={texts.signIn.username} name="username" autoComplete="username" required autoFocus />
      <TextField
        label={texts.signIn.password}
        name="password"
        type="password"
        autoComplete="current-password"
        hint={texts.signIn.memory}
      />
      {state.error === null ? null : (
        <Notice tone="bad">
          <p role="alert">{messageOf(state.error)}</p>
        </Notice>
      )}
      <Button type="submit" variant="primary" busy={state.busy}>
        {texts.signIn.submit}
      </Button>
    </form>
  );
}

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};
