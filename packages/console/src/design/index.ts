export { Badge, type Tone } from './badge.tsx';
export { Button, type ButtonProps } from './button.tsx';
export { Counts, type Count } from './counts.tsx';
export { Dialog, type DialogProps } from './dialog.tsx';
export { CheckField, SelectField, TextField, type Choice } from './field.tsx';
export { Progress } from './progress.tsx';
export { Empty, ErrorState, Loading, Notice, messageOf } from './states.tsx';
export { Table, type Column, type Sort, type TableProps } from './table.tsx';
export { ToastProvider, useToasts, type Toasts } from './toast.tsx';
