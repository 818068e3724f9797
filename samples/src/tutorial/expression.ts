import type { JsonObject, JsonValue } from '@longshore/domain';
import { link } from './project-draft.ts';
import type { Link } from './project-draft.ts';

/**
 * A formula as the modeling API writes it: its text, its tree, and its tokens, in which every name points at an object.
 * Names of columns, facts, attributes and metrics stand in brackets, functions are called by name:
 * `Sum([Revenue])`, `[QTY_SOLD] * ([UNIT_PRICE] - [DISCOUNT])`.
 */
export type Expression = { text: string; tree: JsonObject; tokens: JsonObject[] };

/** What a name in brackets stands for. */
export type Resolver = (name: string) => Link;

interface Lexeme {
  readonly kind: 'name' | 'call' | 'number' | 'text' | 'sign';
  readonly value: string;
}

const LEXEME = /\s*(?:\[([^\]]+)\]|([A-Za-z]\w*)|(\d+(?:\.\d+)?)|"([^"]*)"|([-+*/(),]))/y;

const OPERATIONS: Readonly<Record<string, { name: string; binding: number }>> = {
  '+': { name: 'plus', binding: 1 },
  '-': { name: 'minus', binding: 1 },
  '*': { name: 'times', binding: 2 },
  '/': { name: 'divide', binding: 2 },
};

function lexemeOf(match: RegExpExecArray): Lexeme {
  const [, name, call, number, text, sign] = match;
  if (name !== undefined) return { kind: 'name', value: name };
  if (call !== undefined) return { kind: 'call', value: call };
  if (number !== undefined) return { kind: 'number', value: number };
  if (text !== undefined) return { kind: 'text', value: text };
  return { kind: 'sign', value: sign ?? '' };
}

function lexemesOf(source: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  while (at < source.length) {
    LEXEME.lastIndex = at;
    const match = LEXEME.exec(source);
    if (!match) throw new Error(`cannot read the formula "${source}" at position ${at}`);
    lexemes.push(lexemeOf(match));
    at = LEXEME.lastIndex;
  }
  return lexemes;
}

const functionKey = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();

const operator = (name: string, children: JsonValue[]): JsonObject => ({ type: 'operator', function: name, children });

function reference(target: Link): JsonObject {
  return target.subType === 'column'
    ? { type: 'column_reference', columnName: target.name, objectId: target.objectId }
    : { type: 'object_reference', target };
}

/** Precedence climbing over the lexemes; the position moves on with every call. */
function createParser(lexemes: readonly Lexeme[], resolve: Resolver): { sum(): JsonObject } {
  let at = 0;
  const peek = (): string | undefined => (lexemes[at]?.kind === 'sign' ? lexemes[at]?.value : undefined);
  const expect = (sign: string): void => {
    if (peek() !== sign) throw new Error(`the formula lacks a "${sign}"`);
    at += 1;
  };
  const argumentsOf = (): JsonValue[] => {
    const values: JsonValue[] = [];
    expect('(');
    while (peek() !== ')') {
      values.push(binary(1));
      if (peek() === ',') at += 1;
    }
    expect(')');
    return values;
  };
  const operand = (): JsonObject => {
    const lexeme = lexemes[at];
    if (lexeme === undefined) throw new Error('the formula ends too early');
    if (lexeme.kind === 'sign') {
      expect('(');
      const inner = binary(1);
      expect(')');
      return inner;
    }
    at += 1;
    if (lexeme.kind === 'name') return reference(resolve(lexeme.value));
    if (lexeme.kind === 'call') return operator(functionKey(lexeme.value), argumentsOf());
    const type = lexeme.kind === 'text' ? 'string' : 'double';
    return { type: 'constant', variant: { type, value: lexeme.value } };
  };
  const binary = (binding: number): JsonObject => {
    let left = operand();
    for (;;) {
      const operation = OPERATIONS[peek() ?? ''];
      if (operation === undefined || operation.binding < binding) return left;
      at += 1;
      left = operator(operation.name, [left, binary(operation.binding + 1)]);
    }
  };
  return { sum: () => binary(1) };
}

function tokenOf(lexeme: Lexeme, resolve: Resolver): JsonObject {
  const token = { level: 'resolved', state: 'initial', value: lexeme.value };
  if (lexeme.kind === 'name') {
    const target = resolve(lexeme.value);
    return { ...token, type: target.subType === 'column' ? 'column_reference' : 'object_reference', target };
  }
  if (lexeme.kind === 'call') return { ...token, type: 'function', target: link('function', lexeme.value) };
  if (lexeme.kind === 'number') return { ...token, type: 'number' };
  if (lexeme.kind === 'text') return { ...token, type: 'string_literal' };
  return lexeme.value in OPERATIONS
    ? { ...token, type: 'character', target: link('function', lexeme.value) }
    : { ...token, type: 'character' };
}

/** Reads a formula. Throws when it cannot be read: the tables are code, a mistake in them is a defect. */
export function expression(source: string, resolve: Resolver): Expression {
  const lexemes = lexemesOf(source);
  const end: JsonObject = { level: 'resolved', state: 'initial', value: '', type: 'end_of_text' };
  return {
    text: source.replaceAll(/\[(\w+)\]/g, '$1'),
    tree: createParser(lexemes, resolve).sum(),
    tokens: [...lexemes.map((lexeme) => tokenOf(lexeme, resolve)), end],
  };
}

/** Names that are columns of the warehouse. */
export const columnName: Resolver = (name) => link('column', name);
