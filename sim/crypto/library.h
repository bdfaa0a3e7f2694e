/* SPDX-License-Identifier: MIT */
/*
 * Starts libsodium. Every function of this room works without it and gives the same bytes, but libsodium picks its fast
 * code for this processor only once it was started. Call it before threads exist; calling it again does nothing.
 */
#ifndef POSIM_CRYPTO_LIBRARY_H
#define POSIM_CRYPTO_LIBRARY_H

void crypto_library_start(void);

#endif
