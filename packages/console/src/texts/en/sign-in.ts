export const signIn = {
  title: (name: string) => `Sign in to ${name}`,
  lead: 'Move packages of objects from one environment to the next, and see before you do what will happen.',
  username: 'User name',
  password: 'Password',
  submit: 'Sign in',
  memory: 'The session lives in this tab only, and ends when it is closed or reloaded.',
  unreachable: 'The server cannot be reached',
} as const;
