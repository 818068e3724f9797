/** A bar from 0 to 100. */
export const Progress = ({ value, label }: { readonly value: number; readonly label: string }) => {
  const bounded = Math.max(0, Math.min(100, value));
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(bounded)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={{ width: `${bounded}%` }} />
    </div>
  );
};
