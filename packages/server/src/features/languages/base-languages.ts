/** A language that names and texts can be written in. */
export interface BaseLanguage {
  readonly languageGroup: string;
  /** Windows locale number. */
  readonly lcid: number;
  readonly name: string;
}

type Row = readonly [lcid: number, languageGroup: string, country: string];

const ROWS: readonly Row[] = [
  [1033, 'English', 'United States'],
  [2057, 'English', 'United Kingdom'],
  [1030, 'Danish', 'Denmark'],
  [1043, 'Dutch', 'Netherlands'],
  [1035, 'Finnish', 'Finland'],
  [1036, 'French', 'France'],
  [1031, 'German', 'Germany'],
  [1040, 'Italian', 'Italy'],
  [1041, 'Japanese', 'Japan'],
  [1042, 'Korean', 'Korea'],
  [1044, 'Norwegian', 'Norway'],
  [1045, 'Polish', 'Poland'],
  [1046, 'Portuguese', 'Brazil'],
  [2070, 'Portuguese', 'Portugal'],
  [1049, 'Russian', 'Russia'],
  [3082, 'Spanish', 'Spain'],
  [1053, 'Swedish', 'Sweden'],
  [1054, 'Thai', 'Thailand'],
  [1055, 'Turkish', 'Turkey'],
  [2052, 'Chinese', 'Simplified'],
  [1028, 'Chinese', 'Traditional'],
];

/** The languages that every environment knows; English is the one in which objects are named. */
export const BASE_LANGUAGES: readonly BaseLanguage[] = ROWS.map(([lcid, languageGroup, country]) => ({
  languageGroup,
  lcid,
  name: `${languageGroup} (${country})`,
}));
