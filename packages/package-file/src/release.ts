/**
 * Gives back the memory of a buffer that nobody will look at any more, instead of leaving it to the next large
 * collection: a package of large objects would be in memory several times over. Only of a buffer that has its memory for
 * itself; a part of a larger one stays.
 */
export function release(bytes: Uint8Array): void {
  if (bytes.length > 0 && bytes.length === bytes.buffer.byteLength) (bytes.buffer as ArrayBuffer).transfer(0);
}
