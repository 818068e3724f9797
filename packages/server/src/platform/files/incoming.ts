/** Where files are while they are written: a folder for each process, beside what everybody sees. */
export const INCOMING = 'mstr/.incoming';

const INSTANCE_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;

/** @throws Error for a name that could lead elsewhere */
export function requireInstanceId(instanceId: string): string {
  if (INSTANCE_ID.test(instanceId)) return instanceId;
  throw new Error(`"${instanceId}" cannot name the folder of an environment's unfinished files`);
}
