import { Type, type Static } from 'typebox';

/** The body of every error answer (spec/api.md 1.12). */
export const ErrorBodySchema = Type.Object({
  code: Type.String({ description: 'ERR and three digits' }),
  message: Type.String({ description: 'what is wrong, with which object, and what to do next' }),
  ticketId: Type.String({ description: 'stands in the log of the server as well' }),
  iServerCode: Type.Optional(Type.Integer()),
  subErrors: Type.Optional(
    Type.Array(
      Type.Object({
        message: Type.String(),
        additionalProperties: Type.Optional(
          Type.Object({ objectId: Type.Optional(Type.String()), objectName: Type.Optional(Type.String()) }),
        ),
      }),
    ),
  ),
  errors: Type.Optional(
    Type.Array(Type.Unknown(), { description: 'the same once more, where clients of the modeling API look for it' }),
  ),
});
export type ErrorBody = Static<typeof ErrorBodySchema>;
