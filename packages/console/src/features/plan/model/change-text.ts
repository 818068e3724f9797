import { RIGHTS } from '@longshore/domain';

/** A value of a definition as people read it: texts as they are, everything else as JSON over several lines. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

const BUNDLES: readonly (readonly [number, string])[] = [
  [255, 'Full control'],
  [221, 'Modify'],
  [199, 'View'],
  [197, 'View'],
  [69, 'Consume'],
];

const BITS = ['browse', 'read', 'write', 'delete', 'control', 'use', 'execute'] as const;

/** A mask of rights by the name of its bundle, else by the rights in it. */
export function rightsText(mask: number | undefined): string {
  if (mask === undefined) return '';
  const bundle = BUNDLES.find(([bits]) => bits === mask);
  if (bundle) return bundle[1];
  return BITS.filter((name) => (mask & RIGHTS[name]) !== 0).join(', ') || String(mask);
}

/** A JSON pointer as people read it: `forms › 0 › name`. */
export function pathText(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join(' › ');
}

/** The nearest folders of a path, which tell more than the first ones. */
export function folderText(path: string): string {
  const names = path.split('/').filter((name) => name !== '');
  return names.length <= 2 ? names.join(' › ') : `… › ${names.slice(-2).join(' › ')}`;
}
