/** A value of a definition as people read it: texts as they are, everything else as JSON over several lines. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
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
