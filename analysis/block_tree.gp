# SPDX-License-Identifier: MIT
# The block tree of one run: height across, the main chain on one line, branches above and below it. Of a large tree,
# the heights with the most forks.
#   gnuplot -c analysis/block_tree.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'block_tree'; tall = 4.4; legend = 1; left = .4
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (from = column('from'), to = column('to'), lowest = column('lowest'), highest = column('highest'), \
    blocks = column('blocks'), finals = column('finals'), orphans = column('orphans'), pending = column('pending'), \
    conflicts = column('conflicts'), 0) nooutput

set border 1
unset ytics
set grid noytics xtics
step = nice_step((to - from + 2) / 2)
if (step < 1) { step = 1 }
set xtics step
set xrange [from - 1.2:to + .8]
set yrange [lowest - 1:highest + 1]
eval across('Height')
if (finals) { eval key_mark(3, 'final') }
if (pending) { eval key_mark(6, 'not final yet') }
if (orphans) { eval key_mark(2, 'orphan') }
if (conflicts) { eval key_mark(7, 'final, in conflict') }
size = dot * (blocks > 60 ? .7 : 1) # of the markers
kind(what) = strcol('kind') eq what ? column('lane') : NaN
named(dummy) = blocks <= 24 ? data_small(sprintf('%d', column('proposer'))) : ''
plot table using (column('parent_height')):(column('parent_lane')):(column('height') - column('parent_height')): \
        (column('lane') - column('parent_lane')) with vectors nohead linecolor rgb grey linewidth 1, \
    table using (column('height')):(kind('final')) with points linetype 3 pointsize .5 * size, \
    table using (column('height')):(kind('pending')) with points linetype 6 pointsize .6 * size, \
    table using (column('height')):(kind('orphan')) with points linetype 2 pointsize .6 * size, \
    table using (column('height')):(kind('conflict')) with points linetype 7 linewidth 1.5 pointsize .6 * size, \
    table using (column('height')):(column('lane')):(named(0)) with labels offset screen 0, screen .22 / tall font small
