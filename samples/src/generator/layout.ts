/**
 * The order of objects in a generated project: blocks of up to 200, and in each block the kinds one after the other, so
 * that an object needs objects before it only. Neighbouring blocks are neighbours in use, too.
 */
interface GeneratedKind {
  readonly noun: string;
  readonly type: number;
  readonly subtype: number;
  readonly subType: string;
  /** How many of the 200 objects of a block are of this kind. */
  readonly share: number;
  /** What an object of the kind needs: the kind's position in `GENERATED_KINDS`, and how many. */
  readonly needs: readonly (readonly [kind: number, count: number])[];
}

const [COLUMN, TABLE, FACT, ATTRIBUTE, BASE_FORMULA, METRIC, FILTER, , CUBE, REPORT] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export const METRIC_KIND = METRIC;
export const ATTRIBUTE_KIND = ATTRIBUTE;

const row = (
  [noun, subType]: readonly [string, string],
  [type, subtype]: readonly [number, number],
  share: number,
  needs: GeneratedKind['needs'],
): GeneratedKind => ({ noun, subType, type, subtype, share, needs });

/** In the order in which they stand in a block: nothing needs a later kind. */
export const GENERATED_KINDS: readonly GeneratedKind[] = [
  row(['Column', 'column'], [26, 6656], 36, []),
  row(['Table', 'logical_table'], [15, 3840], 10, [[COLUMN, 6]]),
  row(['Fact', 'fact'], [13, 3328], 8, [
    [TABLE, 2],
    [COLUMN, 2],
  ]),
  row(['Attribute', 'attribute'], [12, 3072], 16, [
    [TABLE, 2],
    [COLUMN, 2],
  ]),
  row(['Base Formula', 'agg_metric'], [7, 1792], 10, [[FACT, 2]]),
  row(['Metric', 'metric'], [4, 1024], 48, [
    [BASE_FORMULA, 1],
    [ATTRIBUTE, 1],
  ]),
  row(['Filter', 'filter'], [1, 256], 24, [
    [ATTRIBUTE, 2],
    [METRIC, 1],
  ]),
  row(['Prompt', 'prompt_elements'], [10, 2567], 8, [
    [ATTRIBUTE, 1],
    [FILTER, 1],
  ]),
  row(['Cube', 'report_cube'], [3, 776], 3, [
    [ATTRIBUTE, 3],
    [METRIC, 3],
  ]),
  row(['Report', 'report_grid'], [3, 768], 28, [
    [ATTRIBUTE, 2],
    [METRIC, 3],
    [FILTER, 1],
  ]),
  row(['Dashboard', 'report_writing_document'], [55, 14081], 9, [
    [CUBE, 1],
    [REPORT, 2],
    [METRIC, 2],
  ]),
];

const BLOCK = 200;

/** Where an object stands: its block, its kind, and its place among the objects of its kind in the block. */
export interface Place {
  readonly block: number;
  readonly kind: number;
  readonly position: number;
}

export interface Layout {
  readonly folders: number;
  /** Objects that are not folders. */
  readonly contents: number;
  /** How deep metrics stand on metrics; grows slowly with the project. */
  readonly metricLevels: number;
  placeOf(index: number): Place;
  /** How many objects of a kind a full block has. */
  countOf(kind: number): number;
  /** The index of an object among the contents, from its place. */
  indexOf(block: number, kind: number, position: number): number;
}

/** Starts of the kinds in a block of a size, in proportion to their shares; the last number is the size. */
function startsOf(size: number): number[] {
  let share = 0;
  const starts = GENERATED_KINDS.map((kind) => {
    const start = Math.round((share * size) / BLOCK);
    share += kind.share;
    return start;
  });
  return [...starts, size];
}

/** The layout of a project with this many objects, folders among them. */
export function createLayout(objects: number): Layout {
  const folders = objects < 10 ? 0 : Math.max(1, Math.round(objects * 0.03));
  const contents = objects - folders;
  const size = Math.max(1, Math.min(BLOCK, contents));
  const starts = startsOf(size);
  const startOf = (kind: number): number => starts[kind] ?? size;
  const kindByPlace = Array.from({ length: size }, (_, place) => starts.findLastIndex((start) => start <= place));
  const blocks = Math.ceil(contents / size);
  return {
    folders,
    contents,
    metricLevels: Math.min(8, 2 + Math.floor(Math.log2(blocks + 1) / 2)),
    placeOf(index) {
      const block = Math.floor(index / size);
      const place = index - block * size;
      const kind = kindByPlace[place] ?? 0;
      return { block, kind, position: place - startOf(kind) };
    },
    countOf: (kind) => startOf(kind + 1) - startOf(kind),
    indexOf: (block, kind, position) => block * size + startOf(kind) + position,
  };
}
