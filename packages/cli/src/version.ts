/** Version of the command, the same as that of its package. */
export const version = '0.1.0';
