/* pause.h - a pause for busy waits, which lets the other hardware thread of the core run
 * and avoids a pipeline flush at the end of the loop (Intel SDM vol. 2, PAUSE). */
#ifndef IPM_BASE_PAUSE_H
#define IPM_BASE_PAUSE_H

__attribute__((always_inline)) static inline void ipm_pause(void) {
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("isb" ::: "memory");
#else
    __asm__ volatile("" ::: "memory");
#endif
}

#endif
