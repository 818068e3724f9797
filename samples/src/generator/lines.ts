import { WELL_KNOWN } from '@longshore/domain';
import { idAt, nameAt, PURPOSE } from './identities.ts';
import type { Generation } from './identities.ts';
import { GENERATED_KINDS } from './layout.ts';
import { createNumberSource, hex, mix } from './mixing.ts';
import type { NumberSource } from './mixing.ts';
import { targetsOf } from './targets.ts';
import type { Target } from './targets.ts';
import { wordAt } from './words.ts';

const PARENTS_OF_TOP_FOLDERS = [WELL_KNOWN.publicObjects, WELL_KNOWN.sharedReports] as const;
const CHILDREN_PER_FOLDER = 6;

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

function dateIn(year: number, numbers: NumberSource): string {
  const word = numbers.next();
  const day = `${year}-${two(1 + (word % 12))}-${two(1 + ((word >>> 4) % 28))}`;
  return `${day}T${two((word >>> 9) % 24)}:${two((word >>> 14) % 60)}:${two((word >>> 20) % 60)}.000+0000`;
}

const token = (target: Target): string =>
  `{"target":{"name":"${target.name}","objectId":"${target.id}","subType":"${target.subType}"},"type":"object_reference"}`;

const WORDS_IN_A_DEFINITION = 20;

function wordsFrom(numbers: NumberSource, count: number): string {
  let text = wordAt(numbers.next());
  for (let turn = 1; turn < count; turn += 2) {
    const word = numbers.next();
    text += ` ${wordAt(word)} ${wordAt(word >>> 16)}`;
  }
  return text;
}

const EVERYONE_VIEW = `{"deny":false,"inheritable":false,"rights":199,"trusteeId":"${WELL_KNOWN.everyone}"}`;
const ADMINISTRATOR_FULL = `{"deny":false,"inheritable":false,"rights":255,"trusteeId":"${WELL_KNOWN.administrator}"}`;

/** One entry on average: most objects have one, every eighth has none, every eighth has two. Sorted as ACLs are. */
function aclText(word: number): string {
  const choice = word & 7;
  if (choice === 0) return '';
  if (choice === 1) return `${ADMINISTRATOR_FULL},${EVERYONE_VIEW}`;
  return choice === 2 ? ADMINISTRATOR_FULL : EVERYONE_VIEW;
}

interface LineParts {
  readonly acl: string;
  readonly created: string;
  readonly modified: string;
  readonly definition: string;
  readonly description: string;
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
  readonly types: readonly [type: number, subtype: number];
  readonly uses: string;
  readonly version: string;
}

/** A line of the load format with its keys sorted: the text that a dump of the object has. */
const lineOf = (projectId: string, parts: LineParts): string =>
  `{"abbreviation":"","acl":[${parts.acl}],"dateCreated":"${parts.created}","dateModified":"${parts.modified}",` +
  `"definition":${parts.definition},"description":"${parts.description}","hidden":false,"id":"${parts.id}",` +
  `"kind":"object","name":"${parts.name}","ownerId":"${WELL_KNOWN.administrator}","parentId":"${parts.parentId}",` +
  `"projectId":"${projectId}","subtype":${parts.types[1]},"translations":{},"type":${parts.types[0]},` +
  `"uses":[${parts.uses}],"version":"${parts.version}"}`;

/** Numbers of the parts that another variant has otherwise. */
const contentNumbers = (generation: Generation, index: number): NumberSource =>
  createNumberSource(mix(generation.seed ^ Math.imul(generation.variant, 0x27d4eb2f), index, PURPOSE.content));

const versionFrom = (numbers: NumberSource): string =>
  hex(numbers.next()) + hex(numbers.next()) + hex(numbers.next()) + hex(numbers.next());

/** 256 hex digits: what of a definition does not compress. */
function checksumFrom(numbers: NumberSource): string {
  let text = '';
  for (let turn = 0; turn < 8; turn += 1) text += versionFrom(numbers);
  return text;
}

/** The line of a folder. */
export function folderLine(generation: Generation, index: number): string {
  const { seed, projectId, variant } = generation;
  const content = contentNumbers(generation, index);
  const structure = createNumberSource(mix(seed, index, PURPOSE.structure));
  const above = Math.floor((index - CHILDREN_PER_FOLDER) / CHILDREN_PER_FOLDER);
  const isTop = index < CHILDREN_PER_FOLDER;
  const entries = `${ADMINISTRATOR_FULL},${EVERYONE_VIEW},${EVERYONE_VIEW.replace('"inheritable":false', '"inheritable":true')}`;
  return lineOf(projectId, {
    acl: entries,
    created: dateIn(2001 + structure.below(8), structure),
    modified: dateIn(2012 + (variant % 8), content),
    definition: '{}',
    description: '',
    id: idAt(seed, index),
    name: nameAt(seed, index, 'Folder'),
    parentId: isTop ? (PARENTS_OF_TOP_FOLDERS[index % 2] ?? WELL_KNOWN.publicObjects) : idAt(seed, above),
    types: [8, 2048],
    uses: '',
    version: versionFrom(content),
  });
}

function parentOf({ layout, seed }: Generation, index: number, numbers: NumberSource): string {
  if (layout.folders === 0) return WELL_KNOWN.publicObjects;
  const near = Math.floor((index * layout.folders) / layout.contents) + numbers.below(4);
  return idAt(seed, near % layout.folders);
}

/** The line of the object at an index among the contents. */
export function objectLine(generation: Generation, index: number): string {
  const { layout, seed, projectId, variant } = generation;
  const place = layout.placeOf(index);
  const facts = GENERATED_KINDS[place.kind];
  if (facts === undefined) throw new Error(`no kind for the object ${index}`);
  const object = layout.folders + index;
  const structure = createNumberSource(mix(seed, object, PURPOSE.structure));
  const content = contentNumbers(generation, object);
  const id = idAt(seed, object);
  const name = nameAt(seed, object, facts.noun);
  const version = versionFrom(content);
  const created = dateIn(2001 + structure.below(8), structure);
  const modified = dateIn(2012 + (variant % 8), content);
  const parentId = parentOf(generation, index, structure);
  const acl = aclText(structure.next());
  const targets = targetsOf(generation, place, structure);
  // A dashboard keeps the metrics that it shows in `uses`, as real ones do.
  const inUses = facts.type === 55 ? targets.slice(-2) : [];
  const inDefinition = inUses.length === 0 ? targets : targets.slice(0, -2);
  const definition =
    `{"checksum":"${checksumFrom(content)}","comment":"${wordsFrom(content, WORDS_IN_A_DEFINITION)}",` +
    `"expression":{"tokens":[${inDefinition.map(token).join(',')}]},` +
    `"format":{"header":[],"values":[{"type":"number_category","value":"${content.below(9)}"}]},` +
    `"information":{"dateModified":"${modified.slice(0, 23)}Z","name":"${name}","objectId":"${id}",` +
    `"primaryLocale":"en-US","subType":"${facts.subType}","versionId":"${version}"}}`;
  const uses = inUses.map((target) => `{"id":"${target.id}","type":${target.type}}`).join(',');
  const description = `${wordAt(content.next())} ${wordAt(content.next())}`;
  const types = [facts.type, facts.subtype] as const;
  return lineOf(projectId, {
    acl,
    created,
    modified,
    definition,
    description,
    id,
    name,
    parentId,
    types,
    uses,
    version,
  });
}
