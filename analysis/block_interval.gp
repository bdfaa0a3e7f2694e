# SPDX-License-Identifier: MIT
# How long it takes from one block of the main chain to the next: the distribution over all runs.
#   gnuplot -c analysis/block_interval.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'block_interval'
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (unit = strcol('unit'), per_unit = column('unit_s'), median = column('median_s') / per_unit, \
    p95 = column('p95_s') / per_unit, from = column('from_s') / per_unit, to = column('to_s') / per_unit, \
    longest = column('longest_s') / per_unit, beyond = 100 * column('beyond'), \
    logarithmic = column('logarithmic'), 0) nooutput

eval across('Block interval ('.unit.')')
eval upwards('Blocks (%)')
set xrange [longest > 0 ? from : -.03 * to:to]
if (logarithmic) { set logscale x; set format x '%g' }
set yrange [0:100]
set ytics 25
set label 1 as_text(sprintf('median %.3g %s', median, unit)) at graph .98, graph .34 right
set label 2 as_text(sprintf('95 %% within %.3g %s', p95, unit)) at graph .98, graph .22 right
if (beyond > 0) set label 3 as_text(sprintf('%.2g %% longer, up to %.3g %s', beyond, longest, unit)) \
    at graph .98, graph .1 right
set label 4 '' at median, 50 point linetype 1
set label 5 '' at p95, 95 point linetype 1
plot table using (column('interval_s') / per_unit):(100 * column('share')) with steps linetype 1
