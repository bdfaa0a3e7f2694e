# SPDX-License-Identifier: MIT
# How concentrated stake is over the course of one run: the Gini coefficient, and the Nakamoto coefficient, the fewest
# holders with more than 1/3 of the stake. Grey: faults.
#   gnuplot -c analysis/stake_concentration.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'stake_concentration'; tall = 6.8; left = 1.4
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (unit = strcol('unit'), per_unit = column('unit_s'), until = column('until_s') / per_unit, \
    holders = strcol('holders'), gini_from = column('gini_from'), gini_to = column('gini_to'), \
    fewest = column('fewest'), greatest = column('greatest'), faults = int(column('faults')), 0) nooutput
load folder.'faults.gp'

at(dummy) = column('at_s') / per_unit
set xrange [0:until]
half = (tall - top - bottom - .3) / 2
set multiplot
low = tall - top - half; high = tall - top
set bmargin at screen low / tall
set tmargin at screen high / tall
set format x ''
set yrange [gini_from:gini_to]
set ytics nice_step(gini_to - gini_from)
eval panel_title('Gini', .6, 'Nakamoto ('.holders.')')
plot table using (at(0)):(column('gini')) with steps linetype 1
unset label
low = bottom; high = bottom + half
set bmargin at screen low / tall
set tmargin at screen high / tall
set format x
span = greatest - fewest > 2 ? greatest - fewest : 2
set yrange [(fewest - .15 * span > 0 ? fewest - .15 * span : 0):greatest + .25 * span]
set ytics nice_step(span) < 1 ? 1 : nice_step(span)
eval across('Time ('.unit.')')
eval panel_title('Nakamoto ('.holders.')', .6, 'Nakamoto ('.holders.')')
plot table using (at(0)):(column('nakamoto')) with steps linetype 1
unset multiplot
