// How the command knows that it is to be a thread of a check.

/** The argument of a script that is to be one. */
export const CHECK_THREAD = '--check-thread';
