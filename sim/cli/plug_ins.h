/* SPDX-License-Identifier: MIT */
/* The plug-ins that sim/meson.build lists; the definition is generated from there. */
#ifndef POSIM_CLI_PLUG_INS_H
#define POSIM_CLI_PLUG_INS_H

#include "contract/registry.h"

/* Fills a registry with every plug-in of this program; registry_release it. */
void plug_ins_register(struct registry *registry);

#endif
