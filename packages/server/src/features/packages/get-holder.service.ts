import type { HolderPackage } from '@longshore/contracts';
import { getHolder } from './holder-access.ts';
import type { HolderCall, HolderDeps } from './holder-deps.ts';
import { toHolderPackage } from './holder-mapper.ts';

export interface ShowHolder extends HolderCall {
  readonly packageId: string;
  readonly showContent: boolean;
}

/**
 * Use case: how far a package is, and what it holds.
 * @throws AppError `notFound`, `missing`, `invalid`
 */
export async function showHolder(deps: HolderDeps, call: ShowHolder): Promise<HolderPackage> {
  const holder = await getHolder(deps.platform.library.reader, call.packageId, call);
  return toHolderPackage(holder, call.showContent);
}
