# SPDX-License-Identifier: MIT
# How a metric spreads over the replications, by a swept key. Boxes: the middle half of the runs, with the median;
# whiskers: 5 and 95 % of them; diamonds: the mean, with its interval.
#   gnuplot -c analysis/box.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'box'; legend = 1; left = 1.5
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

load folder.'spread.gp'
half = .36 / (styles > 1 ? styles : 1) # of a box's width
plot for [i = 0:shown - 1] table using (of(i)):(column('p05')):(0):(column('p95') - column('p05')) \
         with vectors nohead linecolor rgb colour_of[i + 1] linewidth 1 dashtype solid, \
    for [i = 0:shown - 1] for [end in 'p05 p95'] table using (of(i) - half / 3):(column(end)):(half / 1.5):(0) \
         with vectors nohead linecolor rgb colour_of[i + 1] linewidth 1 dashtype solid, \
    for [i = 0:shown - 1] table using (of(i)):(column('p50')):(of(i) - half):(of(i) + half):(column('p25')): \
         (column('p75')) with boxxyerror linewidth 1 dashtype solid fillcolor rgb shade_of[i + 1] \
         fillstyle solid border linecolor rgb colour_of[i + 1], \
    for [i = 0:shown - 1] table using (of(i) - half):(column('p50')):(2 * half):(0) with vectors nohead \
         linecolor rgb colour_of[i + 1] linewidth 2.2 dashtype solid, \
    table using (of_any(0)):(end_of('low', 'mean')):(0):(reach('low', 'high', 'mean')) with vectors nohead \
         linecolor rgb 'black' linewidth 1.4 dashtype solid, \
    table using (of_any(0)):(column('mean')) with points linecolor rgb 'black' pointtype 13 pointsize .5 * dot
