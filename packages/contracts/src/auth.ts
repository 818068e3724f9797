import { Type, type Static } from 'typebox';

/** What logging in, sessions and the status call exchange (spec/api.md 2.1 and 2.2). */

/** An answer without a body. */
export const NoContent = Type.Null({ description: 'No content.' });

/** Values of `loginMode` that this server knows. */
export const LOGIN_MODE = { standard: 1, anonymous: 8, apiToken: 4096, delegate: -1 } as const;

/** Form posts hold every value as text, JSON bodies as what it is. */
const NumberOrText = Type.Union([Type.Integer(), Type.String({ maxLength: 20 })]);
const FlagOrText = Type.Union([Type.Boolean(), Type.String({ maxLength: 10 })]);
const ShortText = Type.String({ maxLength: 250 });
/** Longer secrets are refused before they are hashed. */
export const PasswordText = Type.String({ maxLength: 1024 });

export const LoginRequest = Type.Object({
  loginMode: Type.Optional({
    ...NumberOrText,
    description: '1 standard (default), 8 anonymous, 4096 API token, which goes into username.',
  }),
  username: Type.Optional(ShortText),
  password: Type.Optional(PasswordText),
  applicationType: Type.Optional({
    ...NumberOrText,
    description: 'What kind of client it is; any number is accepted.',
  }),
  applicationId: Type.Optional(ShortText),
  workingSet: Type.Optional({ ...NumberOrText, description: 'At least 3, default 10.' }),
  maxSearch: Type.Optional({ ...NumberOrText, description: 'Default 3.' }),
  metadataLocale: Type.Optional(ShortText),
  warehouseDataLocale: Type.Optional(ShortText),
  displayLocale: Type.Optional(ShortText),
  messagesLocale: Type.Optional(ShortText),
  numberLocale: Type.Optional(ShortText),
  timeZone: Type.Optional(ShortText),
  changePassword: Type.Optional({ ...FlagOrText, description: 'True sets newPassword when the login succeeds.' }),
  newPassword: Type.Optional(PasswordText),
});
export type LoginRequest = Static<typeof LoginRequest>;

export const LoginResponse = Type.Object(
  { 'X-MSTR-AuthToken': Type.String() },
  { description: 'The session token, also in the header X-MSTR-AuthToken.' },
);

export const DelegateRequest = Type.Object({
  loginMode: Type.Optional({ ...NumberOrText, description: '-1' }),
  identityToken: Type.String({ maxLength: 100 }),
});

export const IdentityTokenHeaders = Type.Object({ 'x-mstr-identitytoken': Type.Optional(Type.String()) });

/** The body may be left out: the token is then the caller's own. */
export const ApiTokenRequest = Type.Union([
  Type.Object({ userId: Type.Optional(Type.String({ maxLength: 100 })) }),
  Type.Null(),
]);
export const ApiTokenResponse = Type.Object({ apiToken: Type.String() });

export const SessionResponse = Type.Object({
  id: Type.String({ description: 'Id of the user.' }),
  fullName: Type.String(),
  initials: Type.String(),
  timeout: Type.Integer({ description: 'Idle limit in seconds.' }),
  workingSet: Type.Integer(),
  maxSearch: Type.Integer(),
  locale: Type.Integer({ description: 'Language number of the metadata locale.' }),
  metadataLocale: Type.String(),
  warehouseDataLocale: Type.String(),
  displayLocale: Type.String(),
  messagesLocale: Type.String(),
  numberLocale: Type.String(),
  timeZone: Type.String(),
});
export type SessionResponse = Static<typeof SessionResponse>;

export const UserInfoResponse = Type.Object({
  id: Type.String(),
  fullName: Type.String(),
  initials: Type.String(),
  username: Type.String(),
});
export type UserInfoResponse = Static<typeof UserInfoResponse>;

export const SessionPrivilege = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  isUserLevelAllowed: Type.Boolean({ description: 'True when the privilege holds everywhere.' }),
  projects: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), isAllowed: Type.Boolean() })),
});
export type SessionPrivilege = Static<typeof SessionPrivilege>;
export const SessionPrivilegeList = Type.Object({ privileges: Type.Array(SessionPrivilege) });

export const StatusResponse = Type.Object({
  iServerVersion: Type.String(),
  webVersion: Type.String(),
  deploymentType: Type.String(),
});
