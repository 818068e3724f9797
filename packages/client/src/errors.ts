import type { SubError } from '@longshore/contracts';

/** What an error answer said (spec/api.md 1.12). Texts that the answer lacks are empty. */
export interface ApiErrorDetails {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly ticketId: string;
  readonly iServerCode?: number;
  readonly subErrors?: readonly SubError[];
}

/** The server answered, and refused. */
export class ApiError extends Error {
  readonly status: number;
  /** `ERR…`, or empty when something between client and server answered. */
  readonly code: string;
  /** Finds the refusal in the server's log. */
  readonly ticketId: string;
  readonly iServerCode: number | undefined;
  readonly subErrors: readonly SubError[];

  constructor(details: ApiErrorDetails) {
    super(details.message);
    this.name = 'ApiError';
    this.status = details.status;
    this.code = details.code;
    this.ticketId = details.ticketId;
    this.iServerCode = details.iServerCode;
    this.subErrors = details.subErrors ?? [];
  }
}

/** No answer, or one that no Library server gives. Whether the server acted on the call is not known. */
export class ConnectionError extends Error {
  readonly libraryUrl: string;

  constructor(libraryUrl: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'ConnectionError';
    this.libraryUrl = libraryUrl;
  }
}

/** Reads the body of an answer that is not 2xx. Bodies that are no JSON (from a proxy, say) are named as such. */
export async function readApiError(response: Response, what: string): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const body = parseObject(text);
  if (!body) {
    const status = `${response.status} ${response.statusText}`.trim();
    const message = `${what} was answered ${status} without a Library error. Is this the URL of a Library server?`;
    return new ApiError({ status: response.status, code: '', message, ticketId: '' });
  }
  const first = modelingError(body) ?? body;
  return new ApiError({
    status: response.status,
    code: textOf(first['code']),
    message: textOf(first['message']) || `${what} was answered ${response.status}.`,
    ticketId: textOf(body['ticketId']),
    ...(typeof body['iServerCode'] === 'number' ? { iServerCode: body['iServerCode'] } : {}),
    ...(Array.isArray(body['subErrors']) ? { subErrors: body['subErrors'] as SubError[] } : {}),
  });
}

/** Modeling endpoints put their errors into a list. */
function modelingError(body: Record<string, unknown>): Record<string, unknown> | undefined {
  const errors = body['errors'];
  return Array.isArray(errors) ? (errors[0] as Record<string, unknown> | undefined) : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
