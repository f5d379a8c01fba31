/* streams.h - the three standard descriptors at the start of the program. */
#ifndef IPM_APP_OUTPUT_STREAMS_H
#define IPM_APP_OUTPUT_STREAMS_H

/* Puts something into each standard descriptor that is closed, so that no file of ours gets
 * its number and takes what was meant for a stream. What is put there refuses the very use
 * (a standard output that can only be read), so that it still fails as a closed one does. */
void ipm_streams_secure(void);

#endif
