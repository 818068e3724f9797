/**
 * The folders of `parentOf` (folder to the one that it lies in) that lie in themselves, over however many others; what
 * only lies below such a circle is not among them. Each folder is visited once or twice, whatever the depth.
 */
export function foldersOnCircles(parentOf: ReadonlyMap<string, string>): ReadonlySet<string> {
  const onCircles = new Set<string>();
  const seen = new Set<string>();
  for (const start of parentOf.keys()) {
    const way = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      way.add(at);
      at = parentOf.get(at);
    }
    // Only where this very way comes back to itself is there a circle that was not met before.
    for (let on = at; on !== undefined && way.has(on) && !onCircles.has(on); on = parentOf.get(on)) onCircles.add(on);
  }
  return onCircles;
}
