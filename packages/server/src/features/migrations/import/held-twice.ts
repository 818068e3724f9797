/** A package holds an object twice. */
export class HeldTwice extends Error {
  readonly id: string;

  constructor(id: string) {
    super(`Object ${id} is there twice.`);
    this.id = id;
    this.name = 'HeldTwice';
  }
}
