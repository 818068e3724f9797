import type { JsonObject } from '@longshore/domain';
import { expression } from './expression.ts';
import { formId } from './attributes.ts';
import { link } from './project-draft.ts';
import { stableId } from './stable-values.ts';

/** A condition, as the rows of filters, security filters and custom groups state it. */
export type Condition =
  | { readonly on: 'form'; readonly attribute: string; readonly is: string; readonly value: string }
  | { readonly on: 'calculated'; readonly attribute: string; readonly is: string; readonly formula: string }
  | { readonly on: 'elements'; readonly attribute: string; readonly elements: string; readonly is?: 'in' | 'not_in' }
  | {
      readonly on: 'metric';
      readonly metric: string;
      readonly is: string;
      readonly value: string;
      readonly level?: string;
    }
  | { readonly on: 'filter'; readonly filter: string }
  | { readonly on: 'prompt'; readonly kind: 'promptElements' | 'promptExpression'; readonly prompt: string }
  | { readonly on: 'all' | 'any'; readonly of: readonly Condition[] };

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

function textOf(condition: Condition): string {
  switch (condition.on) {
    case 'form':
      return `${condition.attribute} (ID) ${condition.is} ${condition.value}`;
    case 'calculated':
      return `${condition.attribute} (ID) ${condition.is} ${condition.formula}`;
    case 'elements':
      return `${condition.attribute} ${condition.is ?? 'in'} {${condition.elements}}`;
    case 'metric':
      return `${condition.metric} ${condition.is} ${condition.value}`;
    case 'filter':
      return `{${condition.filter}}`;
    case 'prompt':
      return `?${condition.prompt}?`;
    case 'all':
    case 'any':
      return `(${condition.of.map(textOf).join(condition.on === 'all' ? ' And ' : ' Or ')})`;
  }
}

function parametersOf(condition: Condition): JsonObject[] {
  if (condition.on === 'calculated') {
    return [{ parameterType: 'expression', expression: expression(condition.formula, noName) }];
  }
  if (condition.on !== 'form' && condition.on !== 'metric') return [];
  return [{ parameterType: 'constant', constant: { type: 'double', value: condition.value } }];
}

/** The type of the tree's node and what it holds. */
function nodeOf(condition: Condition): { type: string; predicateTree: JsonObject } {
  switch (condition.on) {
    case 'form':
    case 'calculated': {
      const attribute = link('attribute', condition.attribute);
      const predicateTree = { function: condition.is, parameters: parametersOf(condition), attribute };
      return {
        type: 'predicate_form_qualification',
        predicateTree: { ...predicateTree, form: idFormOf(condition.attribute) },
      };
    }
    case 'elements': {
      const attribute = link('attribute', condition.attribute);
      const elements = elementsOf(condition.elements);
      return { type: 'predicate_element_list', predicateTree: { attribute, elements, function: condition.is ?? 'in' } };
    }
    case 'metric': {
      const metric = link('metric', condition.metric);
      const level = condition.level === undefined ? [] : [link('attribute', condition.level)];
      const predicateTree = { function: condition.is, parameters: parametersOf(condition), metric, level };
      return { type: 'predicate_metric_qualification', predicateTree };
    }
    case 'filter':
      return { type: 'predicate_filter_qualification', predicateTree: { filter: link('filter', condition.filter) } };
    case 'prompt':
      return {
        type: 'predicate_prompt_qualification',
        predicateTree: { prompt: link(condition.kind, condition.prompt) },
      };
    case 'all':
    case 'any':
      throw new Error('a joined condition is an operator, not a predicate');
  }
}

function treeOf(condition: Condition): JsonObject {
  if (condition.on === 'all' || condition.on === 'any') {
    return {
      type: 'operator',
      function: condition.on === 'all' ? 'and' : 'or',
      children: condition.of.map(treeOf),
    };
  }
  const text = textOf(condition);
  return { ...nodeOf(condition), predicateId: stableId(`predicate/${text}`), predicateText: text };
}

/** The `qualification` of the modeling API: its text and its tree. */
export function qualification(condition: Condition): { text: string; tree: JsonObject } {
  return { text: textOf(condition), tree: treeOf(condition) };
}
