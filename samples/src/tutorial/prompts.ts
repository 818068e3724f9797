import type { JsonObject } from '@longshore/domain';
import type { Kind } from './kinds.ts';
import { inState, link, links } from './project-draft.ts';
import type { ProjectDraft, RowBase, Stated } from './project-draft.ts';
import { elementsOf } from './qualification.ts';

interface PromptRow extends RowBase {
  readonly kind: Kind;
  readonly instruction: string;
  readonly question: JsonObject;
  readonly expressionType?: 'attribute' | 'hierarchy' | 'metric';
  readonly defaultAnswer?: JsonObject;
  readonly required?: boolean;
}

type Row = Stated<PromptRow>;

const value = (kind: Kind, name: string, type: string, answer?: string): Row => ({
  kind,
  name,
  folder: 'Value Prompts',
  instruction: `Enter a value (${type}).`,
  question: { type },
  ...(answer === undefined ? {} : { defaultAnswer: { value: answer } }),
});

const elements = (name: string, attribute: string, extra: { filter?: string; answer?: string } = {}): Row => ({
  kind: 'promptElements',
  name,
  folder: 'Element Prompts',
  instruction: `Choose elements of ${attribute}.`,
  question: {
    attribute: link('attribute', attribute),
    listAllElements: extra.filter === undefined,
    ...(extra.filter === undefined ? {} : { filter: link('filter', extra.filter) }),
  },
  ...(extra.answer === undefined ? {} : { defaultAnswer: { elements: elementsOf(extra.answer) } }),
});

const NARROWED = 'Elements of Subcategory filtered by Elements of Category';

const PROMPTS: readonly Row[] = [
  value('promptString', 'Name of a customer', 'string'),
  value('promptLong', 'Number of years', 'long', '5'),
  {
    ...value('promptDouble', 'Minimum margin', 'double', '0.15'),
    dateModified: '2020-06-30T16:00:00.000+0000',
    prod: { editedAt: '2014-04-04T04:04:04.000+0000', defaultAnswer: { value: '0.1' } },
  },
  value('promptDate', 'Pick a valid date', 'date'),
  value('promptBoolean', 'Include web sales', 'bool', 'true'),
  elements('Elements of Region', 'Region'),
  elements('Elements of Category', 'Category', { answer: '1:Books, 2:Electronics' }),
  {
    ...elements(NARROWED, 'Subcategory'),
    question: {
      attribute: link('attribute', 'Subcategory'),
      listAllElements: false,
      prompt: link('promptElements', 'Elements of Category'),
    },
  },
  elements('Call Center in USA', 'Call Center', { filter: 'CountryInUSA', answer: '2:San Diego, 4:San Francisco' }),
  elements('Elements of Year', 'Year', { filter: 'Last 5 years' }),
  { ...elements('Elements of Half Year', 'Half Year'), only: 'dev', owner: 'Tutorial Architect' },
  {
    kind: 'promptObjects',
    name: 'Attributes of the Products hierarchy',
    folder: 'Qualification Prompts',
    instruction: 'Choose objects from the list.',
    question: { predefinedObjects: links('attribute', ['Category', 'Subcategory', 'Brand', 'Item']) },
    defaultAnswer: { objects: links('attribute', ['Category']) },
  },
  {
    kind: 'promptObjects',
    name: 'Metrics of the sales folder',
    folder: 'Qualification Prompts',
    instruction: 'Choose objects from the list.',
    question: { search: link('search', 'Search for sales metrics') },
  },
  {
    kind: 'promptExpression',
    name: 'Prompt Qualification on Customer Age',
    folder: 'Qualification Prompts',
    instruction: 'Qualify on Customer Age.',
    expressionType: 'attribute',
    question: { predefinedObjects: links('attribute', ['Customer Age', 'Age Range']), displayForms: 'all_forms' },
  },
  {
    kind: 'promptExpression',
    name: 'Qualification on a hierarchy',
    folder: 'Qualification Prompts',
    instruction: 'Choose a hierarchy to begin building a qualification.',
    expressionType: 'hierarchy',
    question: { predefinedObjects: links('hierarchy', ['Geography', 'Products']), displayForms: 'all_forms' },
  },
  {
    kind: 'promptExpression',
    name: 'Qualification on a metric',
    folder: 'Qualification Prompts',
    instruction: 'Choose a metric to begin building a qualification.',
    expressionType: 'metric',
    question: { predefinedObjects: links('metric', ['Revenue', 'Profit', 'Profit Margin']) },
    required: true,
    prod: { folder: 'Value Prompts' },
  },
  {
    kind: 'promptLevel',
    name: 'Level of the calculation',
    folder: 'Qualification Prompts',
    instruction: 'Choose the attributes at which the metrics are calculated.',
    question: { predefinedObjects: links('attribute', ['Year', 'Region', 'Category']) },
  },
];

export function addPrompts(draft: ProjectDraft): void {
  for (const row of inState(PROMPTS, draft.state)) {
    const definition: JsonObject = {
      title: row.name,
      instruction: row.instruction,
      question: row.question,
      restriction: { required: row.required ?? false, allowPersonalAnswers: 'none' },
      ...(row.expressionType === undefined ? {} : { expressionType: row.expressionType }),
      ...(row.defaultAnswer === undefined ? {} : { defaultAnswer: row.defaultAnswer }),
    };
    draft.add(row.kind, row, { definition });
  }
}
