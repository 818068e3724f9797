import { writeFileSync } from 'node:fs';

/** A file for results that is written again after each of them, so that a failure loses only what it was about. */
export class ResultsFile {
  readonly #file: string | undefined;

  /** @throws Error when the file cannot be written, before anything was measured */
  constructor(file: string | undefined) {
    this.#file = file;
    this.put({});
  }

  put(results: object): void {
    if (this.#file !== undefined) writeFileSync(this.#file, `${JSON.stringify(results, null, 2)}\n`);
  }
}
