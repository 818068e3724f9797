import { ApiError } from '@longshore/client';
import { StepError, type ExitCode } from '../exit-codes.ts';
import type { OutputStream } from '../io.ts';
import { messageOf } from './describe-event.ts';
import type { Renderer, ResultEvent } from './events.ts';

/** Exactly one JSON document on `output`, at the end; everything before it goes to `progress`. */
export function createJsonRenderer(output: OutputStream, progress: Renderer): Renderer {
  let told = false;
  const tell = (document: object): void => {
    if (told) return;
    told = true;
    output.write(`${JSON.stringify(document)}\n`);
  };
  return {
    show(event) {
      if (event.kind === 'result')
        tell({ ok: event.exitCode === undefined, exitCode: 0, ...exitOf(event), ...event.result });
      else {
        progress.show(event);
        if (event.kind === 'failure') tell(failureDocument(event.error, event.exitCode));
      }
    },
    close: () => progress.close(),
  };
}

const exitOf = ({ exitCode }: ResultEvent): object => (exitCode === undefined ? {} : { exitCode });

function failureDocument(error: unknown, exitCode: ExitCode): object {
  const cause = error instanceof StepError ? error.cause : error;
  return {
    ok: false,
    exitCode,
    error: {
      message: messageOf(error),
      ...(cause instanceof ApiError ? answerOf(cause) : {}),
    },
    ...(error instanceof StepError ? { migration: error.state } : {}),
  };
}

function answerOf({ status, code, ticketId, subErrors }: ApiError): object {
  return {
    status,
    ...(code === '' ? {} : { code }),
    ...(ticketId === '' ? {} : { ticketId }),
    ...(subErrors.length === 0 ? {} : { subErrors }),
  };
}
