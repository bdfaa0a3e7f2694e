# SPDX-License-Identifier: MIT
# How a metric spreads over the replications, by a swept key: the density of the runs, each at its widest as wide as the
# others. Bars: the middle half of the runs; diamonds: the mean, with its interval.
#   gnuplot -c analysis/violin.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'violin'; legend = 1; left = 1.5
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (groups = int(column('groups')), 0) nooutput
array style_of[groups]
stats table using (style_of[int(column('group')) + 1] = int(column('style')) + 1, 0) nooutput
load folder.'spread.gp'
half = .4 / shown # of a violin's width
boxes = data.'/'.name.'_boxes.csv'
outline(i) = int(column('group')) == i ? of_any(0) + half * column('width') : NaN
plot for [i = 0:groups - 1] table using (outline(i)):(column('at')) with filledcurves closed \
         fillcolor rgb shade_of[style_of[i + 1]] fillstyle solid noborder, \
    for [i = 0:groups - 1] table using (outline(i)):(column('at')) with lines linewidth .8 dashtype solid \
         linecolor rgb colour_of[style_of[i + 1]], \
    for [i = 0:shown - 1] boxes using (of(i)):(column('p25')):(0):(column('p75') - column('p25')) with vectors nohead \
         linecolor rgb colour_of[i + 1] linewidth 3.5 dashtype solid, \
    boxes using (of_any(0)):(end_of('low', 'mean')):(0):(reach('low', 'high', 'mean')) with vectors nohead \
         linecolor rgb 'black' linewidth 1.4 dashtype solid, \
    boxes using (of_any(0)):(column('mean')) with points linecolor rgb 'black' pointtype 13 pointsize .45 * dot
