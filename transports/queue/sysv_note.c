/* sysv_note.c - a set of semaphores that names queues and tells whether its owner lives. */
#include "transports/queue/sysv_note.h"

#include <stdbool.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/sem.h>
#include <unistd.h>

/* What the semaphores of a note are: the owner's, letters by which it is recognised, and for
 * each queue its key in parts, as a semaphore is at most 32,767. */
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
    NOTE_KEY = 0x69706300, /* "ipc", and what is drawn */
    NOTE_KEY_DRAWN = 0xff,
    NOTE_TRIES = 16,
};

/* semctl(2): the caller defines it. */
union note_argument {
    int number;
    struct semid_ds *status;
    unsigned short *values;
    struct seminfo *limits;
};

/* The kernel makes a set and its contents in two calls. A set with such a key and without contents
 * is that of an owner who died in between, or is about to fill it, and then makes another one. */
static key_t note_draw_key(void) {
    unsigned char drawn = 0;
    (void)!getrandom(&drawn, sizeof drawn, 0); /* IPC_EXCL refuses a key that is taken */
    return NOTE_KEY | drawn;
}

static bool note_is_ours(const struct semid_ds *status) {
    return status->sem_nsems == NOTE_COUNT && status->sem_perm.uid == geteuid() &&
           (status->sem_perm.__key & ~NOTE_KEY_DRAWN) == NOTE_KEY;
}

/* Sets owner and keys in one operation, so that a recognisable note is complete. */
static int note_fill(int note, const key_t keys[IPM_SYSV_QUEUES]) {
    struct sembuf steps[NOTE_COUNT] = {
        {.sem_num = NOTE_OWNER, .sem_op = 1, .sem_flg = SEM_UNDO}};
    for (int i = 0; i < NOTE_WORD_COUNT; i++)
        steps[NOTE_WORD + i].sem_op = (unsigned char)NOTE_LETTERS[i];
    for (int i = 0; i < IPM_SYSV_QUEUES * NOTE_PARTS; i++) {
        const unsigned part =
            (unsigned)keys[i / NOTE_PARTS] >> i % NOTE_PARTS * NOTE_PART_BITS;
        steps[NOTE_QUEUES + i].sem_op = (short)(part & NOTE_PART_MASK);
    }
    for (int i = 0; i < NOTE_COUNT; i++)
        steps[i].sem_num = (unsigned short)i;
    return semop(note, steps, NOTE_COUNT);
}

int ipm_sysv_note_make(key_t ret_keys[IPM_SYSV_QUEUES]) {
    int note = -1;
    memset(ret_keys, 0, IPM_SYSV_QUEUES * sizeof *ret_keys); /* IPC_PRIVATE */
    if (getrandom(ret_keys, IPM_SYSV_QUEUES * sizeof *ret_keys, 0) < 0)
        return -1;
    for (int tries = 0; tries < NOTE_TRIES && note < 0; tries++) {
        note = semget(note_draw_key(), NOTE_COUNT, IPC_CREAT | IPC_EXCL | 0600);
        if (note >= 0 && note_fill(note, ret_keys) != 0)
            ipm_sysv_note_drop(&note);
    }
    return note;
}

void ipm_sysv_note_drop(int *note) {
    if (*note >= 0)
        (void)semctl(*note, 0, IPC_RMID);
    *note = -1;
}

static void note_remove_queue(const unsigned short *parts) {
    struct msqid_ds status;
    unsigned key = 0;
    for (int i = NOTE_PARTS; i-- > 0;)
        key = key << NOTE_PART_BITS | parts[i];
    const int queue = (key_t)key == IPC_PRIVATE ? -1 : msgget((key_t)key, 0);
    if (queue >= 0 && msgctl(queue, IPC_STAT, &status) == 0 &&
        status.msg_perm.uid == geteuid())
        (void)msgctl(queue, IPC_RMID, NULL);
}

/* Returns whether the note has no owner, and is either recognisable or empty. */
static bool note_is_left(const unsigned short *values) {
    bool named = true;
    bool empty = true;
    for (int i = 0; i < NOTE_WORD_COUNT; i++) {
        named &= values[NOTE_WORD + i] == NOTE_LETTERS[i];
        empty &= values[NOTE_WORD + i] == 0;
    }
    return values[NOTE_OWNER] == 0 && (named || empty);
}

static void note_reclaim_at(int index) {
    struct semid_ds status = {0};
    unsigned short values[NOTE_COUNT];
    int note = semctl(index, 0, SEM_STAT, (union note_argument){.status = &status});
    if (note < 0 || !note_is_ours(&status) ||
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
