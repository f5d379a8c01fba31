/* sysv_note.c - a set of semaphores that names queues and tells whether its owner lives. */
#include "transports/queue/sysv_note.h"

#include <stdbool.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <unistd.h>

/* What the semaphores of a note are: the owner's, letters by which it is recognised, and for
 * each queue its number in parts, as a semaphore is at most 32,767. */
#define NOTE_LETTERS "ipcmark sysv-mq"
enum {
    NOTE_OWNER,
    NOTE_WORD,
    NOTE_WORD_COUNT = sizeof NOTE_LETTERS - 1,
    NOTE_QUEUES = NOTE_WORD + NOTE_WORD_COUNT,
    NOTE_PARTS = 3,
    NOTE_PART_BITS = 15,
    NOTE_PART_MASK = (1 << NOTE_PART_BITS) - 1,
    NOTE_COUNT = NOTE_QUEUES + IPM_SYSV_QUEUES * NOTE_PARTS,
};

/* semctl(2): the caller defines it. */
union note_argument {
    int number;
    struct semid_ds *status;
    unsigned short *values;
    struct seminfo *limits;
};

/* In one operation: a note that can be recognised has an owner. */
int ipm_sysv_note_make(void) {
    struct sembuf steps[NOTE_QUEUES] = {
        {.sem_num = NOTE_OWNER, .sem_op = 1, .sem_flg = SEM_UNDO}};
    for (int i = 0; i < NOTE_WORD_COUNT; i++)
        steps[NOTE_WORD + i] = (struct sembuf){.sem_num = (unsigned short)(NOTE_WORD + i),
                                               .sem_op = NOTE_LETTERS[i]};
    int note = semget(IPC_PRIVATE, NOTE_COUNT, IPC_CREAT | 0600);
    if (note >= 0 && semop(note, steps, NOTE_QUEUES) != 0)
        ipm_sysv_note_drop(&note);
    return note;
}

/* As one more than the number: 0 is no queue. */
void ipm_sysv_note_add(int note, int index, int queue) {
    unsigned rest = (unsigned)queue + 1;
    for (int i = 0; note >= 0 && i < NOTE_PARTS; i++, rest >>= NOTE_PART_BITS)
        (void)semctl(note, NOTE_QUEUES + index * NOTE_PARTS + i, SETVAL,
                     (union note_argument){.number = (int)(rest & NOTE_PART_MASK)});
}

void ipm_sysv_note_drop(int *note) {
    if (*note >= 0)
        (void)semctl(*note, 0, IPC_RMID);
    *note = -1;
}

static void note_remove_queue(const unsigned short *parts) {
    struct msqid_ds status;
    unsigned number = 0;
    for (int i = NOTE_PARTS; i-- > 0;)
        number = number << NOTE_PART_BITS | parts[i];
    const int queue = (int)(number - 1);
    if (number > 0 && msgctl(queue, IPC_STAT, &status) == 0 &&
        status.msg_perm.uid == geteuid() && status.msg_perm.__key == IPC_PRIVATE)
        (void)msgctl(queue, IPC_RMID, NULL);
}

static bool note_is_left(const unsigned short *values) {
    bool left = values[NOTE_OWNER] == 0;
    for (int i = 0; i < NOTE_WORD_COUNT; i++)
        left &= values[NOTE_WORD + i] == NOTE_LETTERS[i];
    return left;
}

static void note_reclaim_at(int index) {
    struct semid_ds status = {0};
    unsigned short values[NOTE_COUNT];
    int note = semctl(index, 0, SEM_STAT, (union note_argument){.status = &status});
    if (note < 0 || status.sem_nsems != NOTE_COUNT || status.sem_perm.uid != geteuid() ||
        semctl(note, 0, GETALL, (union note_argument){.values = values}) != 0 ||
        !note_is_left(values))
        return;
    for (int i = 0; i < IPM_SYSV_QUEUES; i++)
        note_remove_queue(&values[NOTE_QUEUES + i * NOTE_PARTS]);
    ipm_sysv_note_drop(&note);
}

void ipm_sysv_note_reclaim(void) {
    struct seminfo limits;
    const int highest = semctl(0, 0, SEM_INFO, (union note_argument){.limits = &limits});
    for (int index = 0; index <= highest; index++)
        note_reclaim_at(index);
}
