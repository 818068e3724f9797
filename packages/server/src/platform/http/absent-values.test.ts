import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { dropNulls } from './absent-values.ts';

const schema = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  action: Type.Optional(Type.Enum(['keep', 'replace'])),
  cleared: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  anything: Type.Optional(Type.Unknown()),
  acl: Type.Optional(Type.Array(Type.Object({ inheritable: Type.Optional(Type.Boolean()) }))),
  target: Type.Optional(Type.Union([Type.Object({ id: Type.Optional(Type.String()) }), Type.Null()])),
});

function dropped(body: Record<string, unknown>): unknown {
  dropNulls(body, schema);
  return body;
}

test('a null where the schema knows none is an absent field, at every depth', () => {
  const body = { description: null, action: null, acl: [{ inheritable: null }, {}], target: { id: null } };
  expect(dropped(body)).toEqual({ acl: [{}, {}], target: {} });
});

test('a null that means something stays, and so does one in a field that is required', () => {
  const body = { name: null, cleared: null, anything: null, target: null };
  expect(dropped({ ...body })).toEqual(body);
});

test('fields that the schema does not name are left alone', () => {
  expect(dropped({ name: 'a', unknown: null })).toEqual({ name: 'a', unknown: null });
});

test('what is no object is left alone', () => {
  expect(() => dropNulls(null, schema)).not.toThrow();
  expect(() => dropNulls('text', schema)).not.toThrow();
  expect(() => dropNulls([null], Type.Array(Type.String()))).not.toThrow();
});
