import { isSchemaType, OBJECT_TYPES } from '@longshore/domain';

/** Types whose objects make up the schema of a project: changing one is what a schema lock forbids. */
export const SCHEMA_TYPES = OBJECT_TYPES.map((type) => type.number).filter((type) => isSchemaType(type));
