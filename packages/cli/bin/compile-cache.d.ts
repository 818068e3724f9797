/** See compile-cache.js, which is plain JavaScript because it is loaded before anything can be kept. */
export function keepCompiled(): void;
