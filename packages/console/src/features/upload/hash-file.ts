import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * SHA-256 of a file of any size, in hex; read piece by piece, so that nothing large is held. The browser's own digest
 * would need the whole file in memory, and is not there at all on plain HTTP.
 */
export async function hashFile(file: Blob, onProgress: (percent: number) => void): Promise<string> {
  const hash = sha256.create();
  let read = 0;
  const reader = file.stream().getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    hash.update(piece.value);
    read += piece.value.length;
    onProgress((read / file.size) * 100);
  }
  return bytesToHex(hash.digest());
}
