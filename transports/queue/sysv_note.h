/* sysv_note.h - a note of the System V queues that a process makes: after it was killed, the next
 * run removes them.
 *
 * The note is a set of semaphores that holds the keys of the queues, and is made before them. One
 * semaphore is 1 while the owner lives: SEM_UNDO of semop(2) takes that back, however the owner
 * dies. A process id would mean nothing in another PID namespace, and may belong to another
 * process by then. */
#ifndef IPM_TRANSPORTS_QUEUE_SYSV_NOTE_H
#define IPM_TRANSPORTS_QUEUE_SYSV_NOTE_H

#include <sys/types.h>

enum { IPM_SYSV_QUEUES = 2 };

/* Draws a key for each queue, and makes a note of them. Returns its number, or -1: then nothing
 * is noted, and the keys may be IPC_PRIVATE. */
int ipm_sysv_note_make(key_t ret_keys[IPM_SYSV_QUEUES]);

/* Removes a note, but no queue. Leaves -1. */
void ipm_sysv_note_drop(int *note);

/* Removes the notes of this user whose owners are gone, and the queues in them. */
void ipm_sysv_note_reclaim(void);

#endif
