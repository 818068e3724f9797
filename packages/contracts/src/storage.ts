import { PACKAGE_PURPOSES, PACKAGE_TYPES } from '@longshore/domain';
import { S3_ADDRESSING } from './s3-location.ts';
import { Type, type Static, type TSchema } from 'typebox';

/**
 * The wire of the shared file store and of its configuration (spec/api.md 2.9 and 2.10). Requests: fields that are not
 * listed are ignored, and `null` means "nothing". Responses: a key without value is left out, never `null`.
 */

const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

const Fields = { fields: Type.Optional(Type.String({ description: 'comma list of top-level fields of the answer' })) };

/* Uploaded files */

/** What can be uploaded. */
export const SHARED_FILE_TYPES = ['migrations.packages'] as const;
export type SharedFileType = (typeof SHARED_FILE_TYPES)[number];

const EnvironmentInput = Type.Union([
  Type.Object({ id: optional(Type.String({ maxLength: 2048 })), name: optional(Type.String({ maxLength: 2048 })) }),
  Type.String({ maxLength: 2048 }),
]);

/** Body of POST …/sharedFileStore/files: what is going to be uploaded, before its bytes. */
export const CreateSharedFileBodySchema = Type.Object({
  name: optional(Type.String({ maxLength: 250, description: 'without it, the name that the package itself carries' })),
  type: Type.Enum(SHARED_FILE_TYPES),
  extension: Type.Enum(['mmp']),
  size: Type.Integer({ minimum: 1, description: 'bytes' }),
  sha256: Type.String({ pattern: '^[0-9a-fA-F]{64}$', description: '64 hex digits' }),
  environment: EnvironmentInput,
  extraInfo: Type.Object({
    packageType: Type.Enum(PACKAGE_TYPES),
    packagePurpose: Type.Enum(PACKAGE_PURPOSES),
    packageId: optional(Type.String({ description: 'not looked at: the server gives every upload an id of its own' })),
  }),
});
export type CreateSharedFileBody = Static<typeof CreateSharedFileBodySchema>;

export const SharedFileParamsSchema = Type.Object({
  fileId: Type.String({ description: 'base64 of `<type>:<guid>`, with `=` raw or as %3D' }),
});

export const ListSharedFilesQuerySchema = Type.Object({
  type: Type.Optional(Type.String({ description: `required: ${SHARED_FILE_TYPES.join(', ')}` })),
  offset: Type.Optional(Type.Integer({ default: 0 })),
  limit: Type.Optional(Type.Integer({ default: 100, description: 'at most 1000; -1 means 1000' })),
  ...Fields,
});

export const SharedFileQuerySchema = Type.Object(Fields);

const NamedRefSchema = Type.Object({ id: Type.Optional(Type.String()), name: Type.Optional(Type.String()) });

/** A file of the store. Dates are wire dates, sizes bytes. */
export const SharedFileSchema = Type.Object({
  id: Type.String(),
  type: Type.Enum(SHARED_FILE_TYPES),
  name: Type.Optional(Type.String()),
  path: Type.String(),
  sha256: Type.String(),
  existing: Type.Boolean({ description: 'whether the bytes are in the store' }),
  size: Type.Integer(),
  extension: Type.String(),
  creator: NamedRefSchema,
  environment: NamedRefSchema,
  creationDate: Type.String(),
  lastUpdatedDate: Type.String(),
  extraInfo: Type.Object({
    packageId: Type.String(),
    packageType: Type.Enum(PACKAGE_TYPES),
    packagePurpose: Type.Enum(PACKAGE_PURPOSES),
  }),
});
export type SharedFile = Static<typeof SharedFileSchema>;

export const SharedFileListSchema = Type.Object({ total: Type.Integer(), data: Type.Array(SharedFileSchema) });
export type SharedFileList = Static<typeof SharedFileListSchema>;

/** Body of PUT …/files/{fileId}/binary, for the document: it is streamed, never validated as a value. */
export const SharedFileUploadSchema = Type.Object({ file: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) });

/** A package file as an answer. */
export const BinaryResponse = {
  description: 'The file.',
  content: { 'application/octet-stream': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) } },
};

/* Storage configuration */

/** Where the shared file store can be. `unset` and `unknown` are only ever read, never set. */
export const STORAGE_TYPES = ['unset', 'unknown', 'file_system', 'S3', 'Azure', 'GCS'] as const;
export type StorageType = (typeof STORAGE_TYPES)[number];

const PlainText = optional(Type.String({ maxLength: 1024 }));
const Secret = optional(Type.String({ maxLength: 16_384, description: 'write-only; "" removes it' }));

/**
 * Body of PATCH and of POST …/validation. What is left out, or null, stays as it is while the type stays; `configured`
 * is computed and not looked at.
 */
export const StorageConfigurationBodySchema = Type.Object({
  sharedFileStore: Type.Object({
    type: optional(Type.Enum(STORAGE_TYPES)),
    alias: optional(Type.String({ maxLength: 250 })),
    location: optional(
      Type.String({ maxLength: 4096, description: 'file_system: an absolute folder; S3: bucket, or bucket/prefix' }),
    ),
    s3Region: PlainText,
    s3Endpoint: optional(
      Type.String({ maxLength: 1024, description: 'http(s)://host[:port] of an S3-compatible server; not for AWS' }),
    ),
    s3Addressing: optional(Type.Enum([...S3_ADDRESSING, ''], { description: 'how a bucket stands in an address' })),
    awsAccessId: PlainText,
    awsSecretKey: Secret,
    azureStorageAccountName: PlainText,
    azureSecretKey: Secret,
    gcsServiceAccountKey: Type.Optional(
      Type.Union([
        Type.String({ maxLength: 16_384, description: 'write-only; "" removes it' }),
        Type.Record(Type.String(), Type.Unknown()),
        Type.Null(),
      ]),
    ),
  }),
});
export type StorageConfigurationBody = Static<typeof StorageConfigurationBodySchema>;

/** The configuration without its secrets, which are never given out. */
export const StorageConfigurationSchema = Type.Object({
  sharedFileStore: Type.Object({
    type: Type.Enum(STORAGE_TYPES),
    alias: Type.Optional(Type.String()),
    location: Type.Optional(Type.String()),
    s3Region: Type.Optional(Type.String()),
    s3Endpoint: Type.Optional(Type.String()),
    s3Addressing: Type.Optional(Type.String()),
    awsAccessId: Type.Optional(Type.String()),
    azureStorageAccountName: Type.Optional(Type.String()),
    configured: Type.Boolean({ description: 'whether the store can be used now' }),
  }),
});
export type StorageConfiguration = Static<typeof StorageConfigurationSchema>;
