# SPDX-License-Identifier: MIT
# How long blocks take to be final: at the first honest node, at two thirds of the stake, at the last node; all runs.
# Blocks that are not final when a run ends count as censored, so a curve need not reach 100 %.
#   gnuplot -c analysis/finality.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'finality'; legend = 1
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (unit = strcol('unit'), per_unit = column('unit_s'), from = column('from_s') / per_unit, \
    to = column('to_s') / per_unit, longest = column('longest_s') / per_unit, beyond = 100 * column('beyond'), \
    logarithmic = column('logarithmic'), \
    not_final = column('not_final'), 0) nooutput

eval across('Time from proposal to finality ('.unit.')')
eval upwards('Blocks (%)')
set xrange [longest > 0 ? from : -.03 * to:to]
if (logarithmic) { set logscale x; set format x '%g' }
set yrange [0:100]
set ytics 25
if (beyond > 0 && longest > to) set label 1 as_text(sprintf('%.2g %% longer, up to %.3g %s', beyond, longest, unit)) \
    at graph .98, graph .1 right
if (longest == 0) set label 1 as_text('in the moment of the proposal') at graph .98, graph .1 right
if (not_final > 0) set label 2 as_text(sprintf('%d not final at the end', not_final)) at graph .98, graph .22 right
curve(who) = (strcol('observer') eq who ? column('finality_s') / per_unit : NaN)
eval key_line(3, 'first node')
eval key_line(2, '2/3 of stake')
eval key_line(1, 'last node')
plot table using (curve('last')):(100 * column('share')) with steps linetype 1, \
    table using (curve('two_thirds')):(100 * column('share')) with steps linetype 2, \
    table using (curve('first')):(100 * column('share')) with steps linetype 3
