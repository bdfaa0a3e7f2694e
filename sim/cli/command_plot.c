/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <stdio.h>

int command_plot(const struct cli *cli, int argc, char **argv)
{
    (void)cli;
    (void)argc;
    (void)argv;
    fputs("posim plot: figures come next\n", stderr);
    return EXIT_USAGE;
}
