/* sysv_note.h - a note of the System V queues that a process has made: after it was killed, the
 * next run removes them.
 *
 * The note is a set of semaphores. One of them is 1 while its owner lives: SEM_UNDO of semop(2)
 * takes that back, however the owner dies. A process id would mean nothing in another PID
 * namespace, and may belong to another process by then. */
#ifndef IPM_TRANSPORTS_QUEUE_SYSV_NOTE_H
#define IPM_TRANSPORTS_QUEUE_SYSV_NOTE_H

enum { IPM_SYSV_QUEUES = 2 };

/* Makes an empty note of this process. Returns its number, or -1: then nothing can be noted. */
int ipm_sysv_note_make(void);

/* Adds a queue, the one of that index, to a note that may be -1. */
void ipm_sysv_note_add(int note, int index, int queue);

/* Removes a note, but no queue. Leaves -1. */
void ipm_sysv_note_drop(int *note);

/* Removes the notes of this user whose owners are gone, and the queues in them. */
void ipm_sysv_note_reclaim(void);

#endif
