# SPDX-License-Identifier: MIT
# How a message spreads: the share of the nodes, and of the stake, that it has reached so long after it was sent.
# Medians over the messages of a run, and for nodes the band from the tenth to the ninetieth per cent of them.
#   gnuplot -c analysis/coverage.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'coverage'; legend = 1
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (unit = strcol('unit'), kind = strcol('kind'), per_unit = column('unit_s'), \
    to = column('to_s') / per_unit, messages = column('messages'), everywhere = column('everywhere'), 0) nooutput

eval across('Time since the '.kind.' was sent ('.unit.')')
eval upwards('Reached (%)')
set xrange [0:1.02 * to]
set yrange [0:100]
set ytics 25
if (everywhere < messages) set label 1 as_text(sprintf('%d of %d everywhere', everywhere, messages)) \
    at graph .98, graph .1 right
eval key_line(1, 'nodes')
eval key_line(7, '10 % and 90 %')
eval key_line(2, 'stake')
plot table using (column('nodes_p10_s') / per_unit):(100 * column('share')) with lines linetype 7 linewidth .6, \
    table using (column('nodes_p90_s') / per_unit):(100 * column('share')) with lines linetype 7 linewidth .6, \
    table using (column('stake_p50_s') / per_unit):(100 * column('share')) with lines linetype 2, \
    table using (column('nodes_p50_s') / per_unit):(100 * column('share')) with lines linetype 1
