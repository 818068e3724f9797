import type { JsonObject } from '@longshore/domain';
import { expression } from './expression.ts';
import { formId } from './attributes.ts';
import { link } from './project-draft.ts';
import { stableId } from './stable-values.ts';

/** One predicate on an attribute, a metric, another filter or a prompt. */
type Predicate =
  | { readonly on: 'form'; readonly attribute: string; readonly is: string; readonly value: string }
  | { readonly on: 'calculated'; readonly attribute: string; readonly is: string; readonly formula: string }
  | { readonly on: 'elements'; readonly attribute: string; readonly elements: string }
  | {
      readonly on: 'metric';
      readonly metric: string;
      readonly is: string;
      readonly value: string;
      readonly level?: string;
    }
  | { readonly on: 'filter'; readonly filter: string }
  | { readonly on: 'prompt'; readonly kind: 'promptElements' | 'promptExpression'; readonly prompt: string };

interface Joined {
  readonly on: 'all' | 'any';
  readonly of: readonly Condition[];
}

/** A condition, as the rows of filters, security filters and custom groups state it. */
export type Condition = Predicate | Joined;

/** Elements are written `3:Movies, 4:Music`: the id of the element and what is displayed. */
export function elementsOf(text: string): { display: string; elementId: string }[] {
  return text.split(', ').map((entry) => {
    const [id = '', display = ''] = entry.split(':');
    return { display, elementId: `h${id}` };
  });
}

/** An attribute form belongs to its attribute, it is no object of its own: it has an `id`, not an `objectId`. */
const idFormOf = (attribute: string): JsonObject => ({
  id: formId(attribute, 'ID'),
  subType: 'attribute_form_system',
  name: 'ID',
});

const noName = (name: string): never => {
  throw new Error(`a calculated condition uses functions only, not [${name}]`);
};

const isJoined = (condition: Condition): condition is Joined => condition.on === 'all' || condition.on === 'any';

function textOf(condition: Condition): string {
  if (isJoined(condition)) return `(${condition.of.map(textOf).join(condition.on === 'all' ? ' And ' : ' Or ')})`;
  if (condition.on === 'form') return `${condition.attribute} (ID) ${condition.is} ${condition.value}`;
  if (condition.on === 'calculated') return `${condition.attribute} (ID) ${condition.is} ${condition.formula}`;
  if (condition.on === 'elements') return `${condition.attribute} in {${condition.elements}}`;
  if (condition.on === 'metric') return `${condition.metric} ${condition.is} ${condition.value}`;
  return condition.on === 'filter' ? `{${condition.filter}}` : `?${condition.prompt}?`;
}

const constant = (value: string): JsonObject[] => [{ parameterType: 'constant', constant: { type: 'double', value } }];

const calculated = (formula: string): JsonObject[] => [
  { parameterType: 'expression', expression: expression(formula, noName) },
];

/** The name of the tree's node, after `predicate_`, and what the node holds. */
function nodeOf(predicate: Predicate): { name: string; predicateTree: JsonObject } {
  if (predicate.on === 'form' || predicate.on === 'calculated') {
    const parameters = predicate.on === 'form' ? constant(predicate.value) : calculated(predicate.formula);
    const attribute = link('attribute', predicate.attribute);
    const form = idFormOf(predicate.attribute);
    return { name: 'form_qualification', predicateTree: { function: predicate.is, parameters, attribute, form } };
  }
  if (predicate.on === 'elements') {
    const attribute = link('attribute', predicate.attribute);
    const elements = elementsOf(predicate.elements);
    return { name: 'element_list', predicateTree: { attribute, elements, function: 'in' } };
  }
  if (predicate.on === 'metric') {
    const metric = link('metric', predicate.metric);
    const level = predicate.level === undefined ? [] : [link('attribute', predicate.level)];
    const parameters = constant(predicate.value);
    return { name: 'metric_qualification', predicateTree: { function: predicate.is, parameters, metric, level } };
  }
  if (predicate.on === 'filter') {
    return { name: 'filter_qualification', predicateTree: { filter: link('filter', predicate.filter) } };
  }
  return { name: 'prompt_qualification', predicateTree: { prompt: link(predicate.kind, predicate.prompt) } };
}

function treeOf(condition: Condition): JsonObject {
  if (isJoined(condition)) {
    const operator = condition.on === 'all' ? 'and' : 'or';
    return { type: 'operator', function: operator, children: condition.of.map(treeOf) };
  }
  const text = textOf(condition);
  const { name, predicateTree } = nodeOf(condition);
  return { type: `predicate_${name}`, predicateId: stableId(`predicate/${text}`), predicateText: text, predicateTree };
}

/** The `qualification` of the modeling API: its text and its tree. */
export function qualification(condition: Condition): { text: string; tree: JsonObject } {
  return { text: textOf(condition), tree: treeOf(condition) };
}
