import { DIGESTS_NAME } from './digests.ts';
import type { MemberDigest } from './digests.ts';

export interface DigestProblem {
  readonly member: string;
  readonly reason: string;
}

/** What the members of a package give. */
export interface ExpectedDigests {
  readonly members: readonly MemberDigest[];
  /** Of the `digests.json` that says so. */
  readonly bytes: number;
}

/** How much longer a list may be that is still looked into: parsed, it takes up to twenty times its bytes. */
const FURTHER_BYTES = 1024 * 1024;

/** Explains why `digests.json` is not what the members read give: names the first member that differs. */
export function findDigestProblem(content: Buffer, { members, bytes }: ExpectedDigests): DigestProblem {
  if (content.length > bytes + FURTHER_BYTES) {
    return { member: DIGESTS_NAME, reason: `it has ${content.length} bytes, and ${bytes} are what the members give` };
  }
  const recorded = parseMembers(content);
  if (recorded === undefined) return { member: DIGESTS_NAME, reason: 'it is not a list of digests' };
  for (const [i, member] of members.entries()) {
    const other = recorded[i];
    if (other?.name !== member.name) return { member: DIGESTS_NAME, reason: `it does not list ${member.name}` };
    if (other.sha256 !== member.sha256 || other.bytes !== member.bytes) {
      return { member: member.name, reason: `its bytes do not have the digest that ${DIGESTS_NAME} records` };
    }
  }
  const extra = recorded[members.length];
  if (extra !== undefined) return { member: DIGESTS_NAME, reason: `it lists ${String(extra.name)}, which is missing` };
  return { member: DIGESTS_NAME, reason: 'its counts or its form are not those of the members' };
}

function parseMembers(content: Buffer): readonly Partial<MemberDigest>[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
  const members = (value as { members?: unknown } | null)?.members;
  const isList = Array.isArray(members) && members.every((m) => typeof m === 'object' && m !== null);
  return isList ? (members as Partial<MemberDigest>[]) : undefined;
}
